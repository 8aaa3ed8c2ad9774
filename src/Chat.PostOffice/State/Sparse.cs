namespace ErlChat.State;

/// <summary>
/// Returns the memory of tables that were full once. A table never shrinks by itself, so a busy hour would cost as much for ever.
/// </summary>
internal static class Sparse
{
    private const int Least = 32;

    /// <summary>
    /// Shrinks a table that is less than a quarter full to twice what is in it. Takes constant time on average. The order of what is in it
    /// changes.
    /// </summary>
    internal static void Trim<TKey, TValue>(Dictionary<TKey, TValue> table)
        where TKey : notnull
    {
        if (table.Capacity > Least && table.Count < table.Capacity / 4)
            table.TrimExcess(Math.Max(Least, table.Count * 2));
    }
}

namespace ErlChat.History;

/// <summary>The limits of a page of history.</summary>
/// <param name="Items">The most items; 1 or more.</param>
/// <param name="Bytes">The most bytes of text as UTF-8, plus 100 for each item. The first item is returned whatever its size.</param>
public readonly record struct PageSize(int Items, int Bytes)
{
    /// <summary>A number of items, however long they are.</summary>
    public static PageSize FromInt32(int items) => new(items, int.MaxValue);

    /// <inheritdoc cref="FromInt32"/>
    public static implicit operator PageSize(int items) => FromInt32(items);
}

namespace ErlChat.State;

/// <summary>The newest acts of administrators. Not thread-safe: part of the fold.</summary>
internal sealed class Acts
{
    /// <summary>How many acts are kept. One more replaces the oldest. Not an option, because the fold has no configuration.</summary>
    internal const int Limit = 1000;

    private readonly Queue<Act> _acts = new();

    /// <summary>Oldest first.</summary>
    internal IReadOnlyCollection<Act> All => _acts;

    internal void Add(Act act)
    {
        _acts.Enqueue(act);
        if (_acts.Count > Limit)
            _acts.Dequeue();
    }
}

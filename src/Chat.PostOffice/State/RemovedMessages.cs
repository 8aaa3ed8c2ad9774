namespace ErlChat.State;

/// <summary>
/// Which messages were deleted lately. An edit that was on its way at that moment, on this node or on another one, must not bring the text
/// back. Not thread-safe: part of the fold.
/// </summary>
internal sealed class RemovedMessages
{
    /// <summary>How many are remembered; one more replaces the oldest. An edit is on its way for seconds at most.</summary>
    internal const int Limit = 1000;

    private readonly Queue<long> _messages = new();

    /// <summary>Their sequences, oldest deletion first.</summary>
    internal IReadOnlyCollection<long> All => _messages;

    internal void Add(long message)
    {
        _messages.Enqueue(message);
        if (_messages.Count > Limit)
            _messages.Dequeue();
    }

    internal bool Has(long message) => _messages.Contains(message);
}

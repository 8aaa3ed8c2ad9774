namespace ErlChat.Mailboxes;

/// <summary>
/// The positions of readers from whom nothing is hidden, and whether another reader waits for one of them. Not thread-safe: the mailbox
/// locks.
/// </summary>
/// <remarks>
/// A reader from whom something is hidden must not come to such a position, because its next poll could not be told from that reader's. So
/// it waits. What is hidden from it is in the mailbox already and not hidden from the other reader, whose next poll is therefore answered
/// at once and ends the wait. If that reader has gone, the wait is given up after a while.
/// </remarks>
/// <param name="most">How many positions to remember.</param>
internal sealed class UnlistedPositions(int most)
{
    private readonly List<long> _lastGiven = [];
    private bool _isAwaited;
    private bool _isFreed;

    /// <summary>The newest position that a reader has waited for, and up to which one that was given up; 0 before the first.</summary>
    private long _newestAwaited, _givenUp;

    /// <summary>Whether a reader that got its mail up to <paramref name="last"/> may be there.</summary>
    internal bool Contains(long last) => _lastGiven.Contains(last);

    /// <summary>Records that a reader polled with a cursor, and got its mail up to <paramref name="last"/>.</summary>
    internal void Move(long cursor, long last)
    {
        _isFreed |= _lastGiven.Remove(cursor - 1) && _isAwaited;
        if (_lastGiven.Count >= most)
            _lastGiven.RemoveAt(0);
        _lastGiven.Add(last);
    }

    /// <summary>Records that a reader did not get its mail up to <paramref name="last"/> after all.</summary>
    internal void Remove(long last) => _lastGiven.Remove(last);

    /// <summary>
    /// Whether a reader from whom mail after <paramref name="last"/> is hidden has to wait before it gets its mail up to there.
    /// </summary>
    /// <param name="isNew">Whether nobody has waited for this position before, so that <see cref="GiveUp"/> must be called later.</param>
    internal bool MustWait(long last, out bool isNew)
    {
        isNew = false;
        if (last <= _givenUp || !Contains(last))
            return false;
        _isAwaited = true;
        if (last > _newestAwaited)
            (_newestAwaited, isNew) = (last, true);
        return true;
    }

    /// <summary>Nobody waits any longer for the positions awaited so far.</summary>
    internal void GiveUp() => _givenUp = _newestAwaited;

    /// <summary>Whether a reader has gone on while another waited. Returns true once; whoever still has to wait asks again.</summary>
    internal bool TakeFreed()
    {
        if (!_isFreed)
            return false;
        _isAwaited = _isFreed = false;
        return true;
    }
}

namespace ErlChat;

/// <summary>
/// Which joins and leaves of the lobby a reader must not be told again, because a list that its client asked for has shown them. One stretch per list, and as many
/// lists as the session may have readers. Not thread-safe: the mailbox locks.
/// </summary>
/// <remarks>
/// The readers are the tabs of one session, and only the place where each starts tells them apart. Tabs that start together ask for their lists in any order, and
/// nothing in the asking says whose it is; so a list counts for all starts that are still without one, until each gets its own.
/// </remarks>
internal sealed class HiddenMembers(int most)
{
    private readonly List<(long From, long To)> _lists = [];
    private readonly List<(long From, long To)> _continued = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _lastGiven = [];

    /// <summary>Whether there is nothing to hide from anybody.</summary>
    internal bool IsEmpty => _lists.Count + _continued.Count + _starts.Count + _lastGiven.Count == 0;

    /// <summary>A client starts here, and is about to ask for a list.</summary>
    internal void Open(long from)
    {
        if (_starts.Count >= most)
            _starts.RemoveAt(0);
        _starts.Add(from);
    }

    /// <summary>The oldest start without a list, once; null when there is none.</summary>
    internal long? TakeStart()
    {
        if (_starts.Count == 0)
            return null;
        long start = _starts[0];
        _starts.RemoveAt(0);
        return start;
    }

    /// <summary>The list that <see cref="TakeStart"/> was for did not come about.</summary>
    internal void Reopen(long from) => _starts.Insert(0, from);

    /// <summary>Who polls has the list that it asked for, if it did: a later list is another tab's.</summary>
    internal void Polled(long from) => _starts.Remove(from);

    /// <summary>A list as of <paramref name="to"/> (inclusive) was given to a client that reads from <paramref name="from"/> on.</summary>
    internal void Add(long from, long to)
    {
        Set(_lists, from, to);
        foreach (long start in _starts)
            Set(_lists, start, to);
    }

    /// <summary>
    /// A reader from <paramref name="cursor"/> was given what is not hidden, up to <paramref name="last"/>, and goes on behind that: what its list showed beyond stays
    /// hidden from it. Unless another tab was given the same last mail, and goes on from the same place: that one must be told, and a join told twice is a smaller evil
    /// than one never told.
    /// </summary>
    internal void Given(long cursor, long last)
    {
        long to = Math.Max(ShownTo(_lists, cursor), ShownTo(_continued, cursor));
        if (to > last)
        {
            if (!_lastGiven.Contains(last))
                Set(_continued, last + 1, to);
            return;
        }

        // Whoever polled from here has moved on.
        _lastGiven.Remove(cursor - 1);
        if (_lastGiven.Count >= most * 2)
            _lastGiven.RemoveAt(0);
        _lastGiven.Add(last);
    }

    /// <summary>What <see cref="Given"/> was told of was too much for one answer: it ends earlier.</summary>
    internal void GiveBack(long cursor, long read, long last)
    {
        _lastGiven.Remove(read);
        _continued.RemoveAll(list => list.From == read + 1);
        Given(cursor, last);
    }

    /// <summary>Whether whoever polls from this very <paramref name="cursor"/> has seen this mail's news on its list.</summary>
    internal bool Covers(Mail mail, long cursor) =>
        (mail.Sequence <= ShownTo(_lists, cursor) || mail.Sequence <= ShownTo(_continued, cursor))
        && mail.Content.ChangesMembersOf(RoomName.Lobby);

    private static long ShownTo(List<(long From, long To)> lists, long cursor)
    {
        foreach ((long from, long to) in lists)
        {
            if (from == cursor)
                return to;
        }

        return 0;
    }

    private void Set(List<(long From, long To)> lists, long from, long to)
    {
        lists.RemoveAll(list => list.From == from);
        if (lists.Count >= most)
            lists.RemoveAt(0);
        lists.Add((from, to));
    }
}

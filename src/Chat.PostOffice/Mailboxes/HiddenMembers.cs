namespace ErlChat.Mailboxes;

/// <summary>
/// The lobby's joins and leaves that a reader must not get again, because a list that its client asked for has shown them. It keeps one
/// range per list, and as many lists as the session may have readers. Not thread-safe: the mailbox locks.
/// </summary>
/// <remarks>
/// The readers are the tabs of one session, and only the position where each starts tells them apart. Tabs that start together ask for
/// their lists in any order, and the request does not say which tab it comes from. So a list counts for every start without a list, until
/// each start gets its own.
/// </remarks>
internal sealed class HiddenMembers(int most)
{
    /// <summary>How many random numbers to try before using a negative one.</summary>
    private const int Tries = 8;

    private readonly List<ShownList> _lists = [];
    private readonly List<(long From, long To)> _continued = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _listed = [];
    private readonly List<long> _lastGiven = [];
    private long _floor;

    /// <summary>
    /// Readers whose cursor is a stand-in, the most recently used last. Twice as many as there may be readers, because the server is not
    /// told when a page is closed.
    /// </summary>
    private readonly List<ShownList> _standIns = [];

    /// <summary>
    /// Whether nothing is hidden from any reader. The readers' positions then do not matter, because whichever of them gets a list later
    /// starts after them.
    /// </summary>
    internal bool IsEmpty => _lists.Count + _continued.Count + _starts.Count + _listed.Count + _standIns.Count == 0;

    /// <summary>Records that a client starts at a cursor and is about to ask for a list.</summary>
    internal void Open(long cursor)
    {
        if (_starts.Count >= most)
            _starts.RemoveAt(0);
        _starts.Add(cursor);
    }

    /// <summary>Creates a stand-in for a position that another reader may have too.</summary>
    internal long StandInFor(long begin, long joined)
    {
        long cursor = ShownList.CreateStandIn(joined);
        for (int tries = 0; _standIns.Exists(one => one.Cursor == cursor); tries++)
            cursor = tries < Tries ? ShownList.CreateStandIn(joined) : ShownList.CreateNegative();
        Remember(_standIns, most * 2, new ShownList(cursor, begin, begin - 1, IsOnly: false));
        return cursor;
    }

    /// <summary>The position behind a poll's cursor; null if the cursor is not a known stand-in.</summary>
    internal long? BeginOf(long cursor)
    {
        int index = _standIns.FindIndex(one => one.Cursor == cursor);
        if (index < 0)
            return null;
        ShownList used = _standIns[index];
        _standIns.RemoveAt(index);
        _standIns.Add(used);
        return used.Begin;
    }

    /// <summary>
    /// Returns the oldest start without a list, once. If every start has one, returns the start whose reader has not polled yet: it may ask
    /// again because the answer was lost. Null if there is no such start, or if there are several and it is unclear which one asks.
    /// </summary>
    internal long? TakeStart()
    {
        if (_starts.Count == 0)
            return _listed.Count == 1 ? _listed[0] : null;
        long start = _starts[0];
        _starts.RemoveAt(0);
        if (_listed.Count >= most)
            _listed.RemoveAt(0);
        _listed.Add(start);
        return start;
    }

    /// <summary>Records that a client has polled. If it asked for a list, it has it by now, so a later list is for another tab.</summary>
    internal void Polled(long cursor)
    {
        _starts.Remove(cursor);
        _listed.Remove(cursor);
    }

    /// <summary>
    /// Records that a client that polls with <paramref name="cursor"/> got a list as of <paramref name="to"/> (inclusive).
    /// </summary>
    internal void Add(long cursor, long to, bool isOnly = false)
    {
        Set(cursor, to, isOnly);
        foreach (long start in _starts)
            Set(start, to, isOnly);
    }

    /// <summary>
    /// Records that a reader at <paramref name="cursor"/> got its mail up to <paramref name="last"/> and continues after that. What its
    /// list showed beyond that stays hidden from it. The exception is a tab that may share its new position with another tab, because both
    /// got the same last mail: the other tab must get those joins, and a join shown twice is better than one that is missing.
    /// </summary>
    /// <param name="cursor">The reader's cursor.</param>
    /// <param name="last">The sequence of the last mail it got.</param>
    /// <param name="unknown">
    /// Up to this sequence it is not known which reader got what, because that was before a restart. There the range continues only for a
    /// session's only reader.
    /// </param>
    internal void Given(long cursor, long last, long unknown = 0)
    {
        long to = ShownTo(cursor);
        if (to > last)
        {
            bool mayBeShared = last <= unknown && !_lists.Exists(one => one.Cursor == cursor && one.IsOnly);
            if (!mayBeShared && !_lastGiven.Contains(last))
                Continue(last + 1, to);
            return;
        }

        // This reader was not shown what another reader that continues from the same position was shown.
        _continued.RemoveAll(one => one.From == last + 1);

        // The reader that polled from here has moved on.
        _lastGiven.Remove(cursor - 1);
        if (_lastGiven.Count >= most * 2)
            _lastGiven.RemoveAt(0);
        _lastGiven.Add(last);
    }

    /// <summary>Corrects <see cref="Given"/>: the mail was too much for one answer, so the answer ends earlier.</summary>
    internal void GiveBack(long cursor, long read, long last, long unknown)
    {
        _lastGiven.Remove(read);
        _continued.RemoveAll(one => one.From == read + 1);
        Given(cursor, last, unknown);
    }

    /// <summary>
    /// Adds what a reader has to bring along to continue in another process: the stand-ins, and the lists that hide something. Newest last.
    /// </summary>
    internal void AddTo(List<ShownList> all)
    {
        all.AddRange(_lists.Where(list => list.To >= list.Begin));
        all.AddRange(_standIns);
    }

    /// <summary>
    /// Takes back what a reader brings along, which another process, or this one earlier, knew about it. Does not change what is known
    /// here. Returns whether it was new.
    /// </summary>
    internal bool Recall(ShownList list)
    {
        List<ShownList> lists = list.IsStandIn ? _standIns : _lists;
        if (lists.Exists(one => one.Cursor == list.Cursor))
            return false;
        Remember(lists, list.IsStandIn ? most * 2 : most, list);
        return true;
    }

    /// <summary>
    /// Records that a reader continues from <paramref name="cursor"/> and that its list has shown everything up to <paramref name="to"/>.
    /// </summary>
    internal void Continue(long cursor, long to)
    {
        // If two readers continue from the same position with different lists, both get what only one of them was shown.
        foreach ((long from, long until) in _continued)
            to = from == cursor ? Math.Min(to, until) : to;
        _continued.RemoveAll(one => one.From == cursor);
        if (_continued.Count >= most)
            _continued.RemoveAt(0);
        _continued.Add((cursor, to));
    }

    /// <summary>Records that another reader has started, or may have.</summary>
    internal void ClearIsOnly()
    {
        for (int i = 0; i < _lists.Count; i++)
            _lists[i] = _lists[i] with { IsOnly = false };
    }

    /// <summary>
    /// Drops what lies below <paramref name="floor"/>, where no reader can read any more. Cheap while the floor has not moved.
    /// </summary>
    internal void Forget(long floor)
    {
        if (floor == _floor)
            return;
        _floor = floor;
        _continued.RemoveAll(one => one.From < floor);
        _lists.RemoveAll(one => one.Begin < floor);
        _standIns.RemoveAll(one => one.Begin < floor);
    }

    /// <summary>
    /// Up to which sequence a list has shown the joins and leaves to a reader that polls with exactly this <paramref name="cursor"/>; 0
    /// without a list.
    /// </summary>
    internal long ShownTo(long cursor)
    {
        long to = 0;
        foreach (ShownList one in _standIns)
        {
            // A stand-in is never equal to a position.
            if (one.Cursor == cursor)
                return one.To;
        }

        foreach (ShownList one in _lists)
        {
            if (one.Cursor == cursor)
                to = one.To;
        }

        foreach ((long from, long until) in _continued)
        {
            if (from == cursor)
                to = Math.Max(to, until);
        }

        return to;
    }

    private void Set(long cursor, long to, bool isOnly)
    {
        int index = _standIns.FindIndex(one => one.Cursor == cursor);
        if (index >= 0)
            _standIns[index] = _standIns[index] with { To = to };

        // A list as of a moment before this reader's position hides nothing from it.
        else if (to >= cursor)
            Remember(_lists, most, new ShownList(cursor, cursor, to, isOnly));
    }

    private static void Remember(List<ShownList> lists, int count, ShownList list)
    {
        lists.RemoveAll(one => one.Cursor == list.Cursor);
        if (lists.Count >= count)
            lists.RemoveAt(0);
        lists.Add(list);
    }
}

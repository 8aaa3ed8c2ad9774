namespace ErlChat.Mailboxes;

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
    /// <summary>Random numbers to try before falling back to a negative one.</summary>
    private const int Tries = 8;

    private readonly List<ShownList> _lists = [];
    private readonly List<(long From, long To)> _continued = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _listed = [];
    private readonly List<long> _lastGiven = [];
    private long _floor;

    /// <summary>
    /// Readers whose cursor is a stand-in, the one that polled last at the end. Twice as many as there may be readers, since nothing says
    /// that a page was closed.
    /// </summary>
    private readonly List<ShownList> _standIns = [];

    /// <summary>
    /// Whether there is nothing to hide from anybody. Where readers stand does not matter then: whoever gets a list later starts beyond them.
    /// </summary>
    internal bool IsEmpty => _lists.Count + _continued.Count + _starts.Count + _listed.Count + _standIns.Count == 0;

    /// <summary>A client starts here, and is about to ask for a list.</summary>
    internal void Open(long cursor)
    {
        if (_starts.Count >= most)
            _starts.RemoveAt(0);
        _starts.Add(cursor);
    }

    /// <summary>A new stand-in for a place that cannot be told from another reader's.</summary>
    internal long StandInFor(long begin, long joined)
    {
        long cursor = ShownList.CreateStandIn(joined);
        for (int tries = 0; _standIns.Exists(one => one.Cursor == cursor); tries++)
            cursor = tries < Tries ? ShownList.CreateStandIn(joined) : ShownList.CreateNegative();
        Remember(_standIns, most * 2, new ShownList(cursor, begin, begin - 1, IsOnly: false));
        return cursor;
    }

    /// <summary>The place behind a poll's cursor; null for a stand-in that is not remembered.</summary>
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
    /// The oldest start without a list, once. When all have theirs, the one whose reader has not polled yet: it may ask again because the
    /// answer was lost. Null when there is none, or there are several, of which nobody knows who asks.
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

    /// <summary>A client that polls has the list that it asked for, if it did: a later list is another tab's.</summary>
    internal void Polled(long cursor)
    {
        _starts.Remove(cursor);
        _listed.Remove(cursor);
    }

    /// <summary>A list as of <paramref name="to"/> (inclusive) was given to a client that polls with <paramref name="cursor"/>.</summary>
    internal void Add(long cursor, long to, bool isOnly = false)
    {
        Set(cursor, to, isOnly);
        foreach (long start in _starts)
            Set(start, to, isOnly);
    }

    /// <summary>
    /// A reader from <paramref name="cursor"/> was given what is not hidden, up to <paramref name="last"/>, and goes on behind that: what its list showed beyond stays
    /// hidden from it. Unless another tab was given the same last mail, and goes on from the same place: that one must be told, and a join told twice is a smaller evil
    /// than one never told.
    /// </summary>
    /// <param name="unknown">
    /// Up to this sequence we cannot know who was given what, because that was before a restart. So only the one reader of a session goes on there.
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

        // This one was not shown what another, who goes on from the same place, was.
        _continued.RemoveAll(one => one.From == last + 1);

        // Whoever polled from here has moved on.
        _lastGiven.Remove(cursor - 1);
        if (_lastGiven.Count >= most * 2)
            _lastGiven.RemoveAt(0);
        _lastGiven.Add(last);
    }

    /// <summary>What <see cref="Given"/> was told of was too much for one answer: it ends earlier.</summary>
    internal void GiveBack(long cursor, long read, long last, long unknown)
    {
        _lastGiven.Remove(read);
        _continued.RemoveAll(one => one.From == read + 1);
        Given(cursor, last, unknown);
    }

    /// <summary>
    /// What a reader would have to bring along for another process to go on: stand-ins, and lists that hide something. The newest at the
    /// end.
    /// </summary>
    internal void AddTo(List<ShownList> all)
    {
        all.AddRange(_lists.Where(list => list.To >= list.Begin));
        all.AddRange(_standIns);
    }

    /// <summary>
    /// A reader brings along what another process, or this one a while ago, knew of it. What is known here is not touched. Returns whether
    /// it is news.
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
    /// A reader goes on from <paramref name="cursor"/>, and has seen on its list what there is up to <paramref name="to"/>.
    /// </summary>
    internal void Continue(long cursor, long to)
    {
        // Two who go on from the same place with different lists: what only one was shown is told to both.
        foreach ((long from, long until) in _continued)
            to = from == cursor ? Math.Min(to, until) : to;
        _continued.RemoveAll(one => one.From == cursor);
        if (_continued.Count >= most)
            _continued.RemoveAt(0);
        _continued.Add((cursor, to));
    }

    /// <summary>Another reader has started, or may have.</summary>
    internal void NoneIsOnly()
    {
        for (int i = 0; i < _lists.Count; i++)
            _lists[i] = _lists[i] with { IsOnly = false };
    }

    /// <summary>Nobody can read from below <paramref name="floor"/> any more. Cheap while that is where it was.</summary>
    internal void Forget(long floor)
    {
        if (floor == _floor)
            return;
        _floor = floor;
        _continued.RemoveAll(one => one.From < floor);
        _lists.RemoveAll(one => one.Begin < floor);
        _standIns.RemoveAll(one => one.Begin < floor);
    }

    /// <summary>Whoever polls with this very <paramref name="cursor"/> has seen on its list who came and went up to this sequence; 0 without a list.</summary>
    internal long ShownTo(long cursor)
    {
        long to = 0;
        foreach (ShownList one in _standIns)
        {
            // No place is the same number.
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

        // As of a moment before this reader's place there is nothing to hide from it.
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

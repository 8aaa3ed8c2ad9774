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
/// <param name="most">How many readers the session may have.</param>
/// <param name="isShared">
/// Whether the session's readers may also read on other nodes. What they are shown there comes here with their cookie only
/// (<see cref="Recall"/>), so the cookie then also has the starts without a list, and the readers from whom nothing is hidden. A session's
/// only reader is recognised by its range, wherever it has read in between.
/// </param>
internal sealed class HiddenMembers(int most, bool isShared = false)
{
    /// <summary>How many random numbers to try before using a negative one.</summary>
    private const int Tries = 8;

    private readonly List<ShownList> _lists = [];
    private readonly List<(long From, long To)> _continued = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _listed = [];
    private long _floor;

    /// <summary>The start of the session's only reader; null if there may be several.</summary>
    private long? _onlyStart;

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

    /// <summary>Where the readers are from whom nothing is hidden.</summary>
    internal UnlistedPositions Unlisted => field ??= new UnlistedPositions(most * 2);

    /// <summary>Records that a client starts at a cursor and is about to ask for a list.</summary>
    /// <param name="isOnly">Whether no other reader of the session has started before, on any node. Only if shared.</param>
    internal void Open(long cursor, bool isOnly = false)
    {
        _onlyStart = isOnly ? cursor : null;
        if (_starts.Count >= most)
            _starts.RemoveAt(0);
        _starts.Add(cursor);
    }

    /// <summary>Creates a stand-in for a position that another reader may have too.</summary>
    internal long StandInFor(long begin, long joined)
    {
        long cursor = Create();
        for (int tries = 0; _standIns.Exists(one => one.Cursor == cursor); tries++)
            cursor = tries < Tries ? Create() : ShownList.CreateNegative();
        Remember(_standIns, most * 2, new ShownList(cursor, begin, begin - 1, IsOnly: false));
        return cursor;

        long Create() => (isShared ? ShownList.TryCreateFor(begin) : null) ?? ShownList.CreateStandIn(joined);
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
    /// got the same last mail and it has waited in vain for the other to go on (<see cref="UnlistedPositions"/>): the other tab must get
    /// those joins, and a join shown twice is better than one that is missing.
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
            if (!mayBeShared && !Unlisted.Contains(last))
                Continue(last + 1, to);
            return;
        }

        // This reader was not shown what another reader that continues from the same position was shown.
        _continued.RemoveAll(one => one.From == last + 1);
        Unlisted.Move(cursor, last);
    }

    /// <summary>Corrects <see cref="Given"/>: the mail was too much for one answer, so the answer ends earlier.</summary>
    internal void GiveBack(long cursor, long read, long last, long unknown)
    {
        Unlisted.Remove(read);
        _continued.RemoveAll(one => one.From == read + 1);
        Given(cursor, last, unknown);
    }

    /// <summary>
    /// Adds what a reader has to bring along to continue in another process: the stand-ins, and the lists that hide something. Newest last.
    /// </summary>
    internal void AddTo(List<ShownList> all)
    {
        all.AddRange(_lists.Where(list => isShared || list.To >= list.Begin));
        all.AddRange(_standIns.Select(one => one.Cursor == _onlyStart ? one with { IsOnly = true } : one));
        if (isShared)
            all.AddRange(_starts.Where(start => !_standIns.Exists(one => one.Cursor == start)).Select(StartWithoutList));
    }

    /// <summary>Whether this is the start of the session's only reader.</summary>
    internal bool IsOnlyStart(long cursor) => _onlyStart == cursor;

    /// <summary>Whether a reader with this cursor has been here, or has been brought along.</summary>
    internal bool Knows(long cursor) =>
        _starts.Contains(cursor) || _listed.Contains(cursor)
        || _lists.Exists(one => one.Cursor == cursor) || _standIns.Exists(one => one.Cursor == cursor);

    /// <summary>
    /// Takes back what a reader brings along, which another process, or this one earlier, knew about it. Does not change what is known
    /// here. Returns whether it was new.
    /// </summary>
    internal bool Recall(ShownList list)
    {
        List<ShownList> lists = list.IsStandIn ? _standIns : _lists;
        int known = lists.FindIndex(one => one.Cursor == list.Cursor);
        if (known >= 0 && (!isShared || lists[known].To >= list.To))
            return false;
        if (isShared && HasNoList(list))
        {
            if (list.IsStandIn)
                Remember(_standIns, most * 2, list);
            if (!_starts.Contains(list.Cursor) && !_listed.Contains(list.Cursor))
                Open(list.Cursor, list.IsOnly);
            return true;
        }

        // On another node the reader has got the list that its start here was waiting for.
        _starts.Remove(list.Cursor);
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
        _onlyStart = null;
        for (int i = 0; i < _lists.Count; i++)
            _lists[i] = _lists[i] with { IsOnly = false };
        for (int i = 0; i < _standIns.Count; i++)
            _standIns[i] = _standIns[i] with { IsOnly = false };
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
        _lists.RemoveAll(one => LastOf(one) < floor);
        _standIns.RemoveAll(one => LastOf(one) < floor);
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

        return isShared ? Math.Max(to, ShownToOnly(cursor)) : to;
    }

    /// <summary>
    /// Up to which sequence a list hides something if the session has a single reader: that reader has then polled with this cursor.
    /// </summary>
    private long ShownToOnly(long cursor)
    {
        long to = 0;
        foreach (ShownList one in _lists.Concat(_standIns))
        {
            if (one.IsOnly && one.Begin <= cursor && cursor <= one.To)
                to = Math.Max(to, one.To);
        }

        return to;
    }

    /// <summary>The start of a reader that has not got its list yet, as a list.</summary>
    private ShownList StartWithoutList(long start) => new(start, start, start - 1, start == _onlyStart);

    private static bool HasNoList(ShownList list) => list.To == list.Begin - 1;

    /// <summary>The last position that matters: a single reader may be anywhere in its list's range.</summary>
    private long LastOf(ShownList list) => isShared ? Math.Max(list.Begin, list.To) : list.Begin;

    private void Set(long cursor, long to, bool isOnly)
    {
        int index = _standIns.FindIndex(one => one.Cursor == cursor);
        if (index >= 0)
            _standIns[index] = _standIns[index] with { To = to, IsOnly = isShared && isOnly };

        // A list as of a moment before this reader's position hides nothing from it. Other nodes have to hear of the reader all the same.
        else if (to >= cursor)
            Remember(_lists, most, new ShownList(cursor, cursor, to, isOnly));
        else if (isShared)
            Remember(_lists, most, new ShownList(cursor, cursor, cursor - 2, isOnly));
    }

    private static void Remember(List<ShownList> lists, int count, ShownList list)
    {
        lists.RemoveAll(one => one.Cursor == list.Cursor);
        if (lists.Count >= count)
            lists.RemoveAt(0);
        lists.Add(list);
    }
}

namespace ErlChat.Mailboxes;

/// <content>Where readers start, and what their lists have shown them.</content>
public sealed partial class Mailbox
{
    private HiddenMembers? _hidden;

    /// <summary>The highest position at which a client started; 0 before the first.</summary>
    private long _newestStart;

    /// <summary>Whether any client that leaves it to the server to hide listed joins has started or polled.</summary>
    private bool _hasReader;

    /// <summary>Whether there may be more than one such client.</summary>
    private bool _hasSeveral;

    /// <summary>
    /// Records that a client starts to read at <paramref name="from"/> and is about to ask for a list of the lobby. Returns the cursor for
    /// its polls: that position or, if another reader of this mailbox (a tab) may be there, a stand-in for it. Two readers with the same
    /// cursor could not be told apart, and one would miss what only the other was shown.
    /// </summary>
    internal long OpenList(long from)
    {
        lock (_gate)
        {
            _isStandby = false;
            _hidden?.Forget(_floor);
            bool isShared = _environment.HasSeveralNodes;
            long cursor = IsFree(from) && (!isShared || IsServedHere) ? from : Hidden.StandInFor(from, _joined);
            bool isOnly = isShared && !_restored && !_hasReader;
            if (_restored || _hasReader)
            {
                _hasSeveral = true;
                _hidden?.ClearIsOnly();
            }

            _hasReader = true;
            _newestStart = Math.Max(_newestStart, from);
            Hidden.Open(cursor, isOnly);
            return cursor;
        }
    }

    /// <summary>
    /// Returns the cursor of the oldest start without a list, once (<see cref="HiddenMembers.TakeStart"/>); null if there is none.
    /// </summary>
    internal long? TakeListStart()
    {
        lock (_gate)
            return _hidden?.TakeStart();
    }

    /// <summary>
    /// Records that the client that polls with <paramref name="cursor"/> got a list of the lobby's users as of <paramref name="to"/>. A
    /// poll with exactly that cursor does not get joins and leaves up to <paramref name="to"/> again. The mail up to there must be in the
    /// mailbox.
    /// </summary>
    internal void Hide(long cursor, long to)
    {
        lock (_gate)
        {
            bool isOnly = !_hasSeveral && (_environment.HasSeveralNodes ? Hidden.IsOnlyStart(cursor) : !_restored);
            Hidden.Add(cursor, to, isOnly);
        }
    }

    /// <summary>
    /// The lists that hide something from this session's readers, for a client to bring along later (<see cref="Recall"/>). Newest last.
    /// Empty for most sessions.
    /// </summary>
    public IReadOnlyList<ShownList> ShownLists()
    {
        lock (_gate)
        {
            if (_hidden is null)
                return [];
            var all = new List<ShownList>();
            _hidden.AddTo(all);
            return all;
        }
    }

    /// <summary>
    /// Takes back what <see cref="ShownLists"/> returned, perhaps in another process. It only affects what this session's own readers get.
    /// Lists that are already known, impossible or outdated are ignored.
    /// </summary>
    public void Recall(ReadOnlySpan<ShownList> lists)
    {
        bool isShared = _environment.HasSeveralNodes;
        lock (_gate)
        {
            foreach (ShownList list in lists)
            {
                bool isPossible = list.IsStandIn ? MayBeStandIn(list.Cursor) : !MayBeStandIn(list.Cursor);
                long last = isShared ? Math.Max(list.Begin, list.To) : list.Begin;
                if (last < _floor)
                    Refill(list.Begin);
                if (!isPossible || list.Begin < 1 || last < _floor || list.To > _environment.Head)
                    continue;

                // On another node, another reader has started.
                if (isShared && _hasReader && !Hidden.Knows(list.Cursor))
                {
                    _hasSeveral = true;
                    Hidden.ClearIsOnly();
                }

                ShownList recalled = _hasSeveral ? list with { IsOnly = false } : list;
                bool isNew = Hidden.Recall(recalled);
                if (isShared)
                {
                    _hasReader = true;
                    _newestStart = Math.Max(_newestStart, list.Begin);
                    continue;
                }

                if (!isNew || !recalled.IsOnly)
                    continue;

                // If the reader has polled since, its position is after the last mail that was not hidden from it.
                long visible = LastVisibleIn(recalled);
                if (visible > 0)
                    Hidden.Continue(visible + 1, recalled.To);
            }
        }
    }

    /// <summary>
    /// Whether no reader can be at a position or reach it, because it is after all mail and all starts. Positions from before a restart are
    /// unknown. As long as there is no reader at all, every position is free.
    /// </summary>
    private bool IsFree(long from) =>
        from > _environment.RestoredHead + 1 && ((!_hasReader && !_restored) || (from > _newest + 1 && from > _newestStart));

    /// <summary>Whether a cursor is one that no reader reaches by reading on. 0 means everything since the session began.</summary>
    private bool MayBeStandIn(long cursor) => cursor <= _joined && cursor != 0;

    /// <summary>Created on first use; its users hold the lock.</summary>
    private HiddenMembers Hidden => _hidden ??= new HiddenMembers(_environment.Options.MaxWaitsPerSession, _environment.HasSeveralNodes);
}

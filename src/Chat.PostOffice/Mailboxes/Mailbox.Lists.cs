namespace ErlChat.Mailboxes;

/// <content>Where readers start, and what their lists have shown them.</content>
public sealed partial class Mailbox
{
    private HiddenMembers? _hidden;

    /// <summary>The newest place where a client started; 0 before the first.</summary>
    private long _newestStart;

    /// <summary>Whether a client has started or polled that leaves it to the server to hide what its list showed.</summary>
    private bool _hasReader;

    /// <summary>Whether another such client may have.</summary>
    private bool _hasSeveral;

    /// <summary>
    /// Remembers that a client starts to read at <paramref name="from"/> and is about to ask for a list of the lobby. Returns the cursor
    /// that it is to poll with: that place or, where another reader of this mailbox – a tab – may stand, a stand-in for it. Two readers
    /// with one cursor could not be told apart, and one would be kept from what only the other was shown.
    /// </summary>
    internal long OpenList(long from)
    {
        lock (_gate)
        {
            _hidden?.Forget(_floor);
            long cursor = IsFree(from) ? from : Hidden.StandInFor(from, _joined);
            if (_restored || _hasReader)
            {
                _hasSeveral = true;
                _hidden?.NoneIsOnly();
            }

            _hasReader = true;
            _newestStart = Math.Max(_newestStart, from);
            Hidden.Open(cursor);
            return cursor;
        }
    }

    /// <summary>
    /// The cursor of the oldest start without a list, once (<see cref="HiddenMembers.TakeStart"/>); null when there is none.
    /// </summary>
    internal long? TakeListStart()
    {
        lock (_gate)
            return _hidden?.TakeStart();
    }

    /// <summary>
    /// The client that polls with <paramref name="cursor"/> was given a list of the lobby's people as of <paramref name="to"/>: a poll with
    /// that very cursor must not be told again of joins and leaves up to <paramref name="to"/>. The mail up to there must be in the
    /// mailbox.
    /// </summary>
    internal void Hide(long cursor, long to)
    {
        lock (_gate)
            Hidden.Add(cursor, to, isOnly: !_hasSeveral && !_restored);
    }

    /// <summary>
    /// What its readers have been shown and are not told again, for a client to bring along later (<see cref="Recall"/>). Newest last;
    /// empty for most.
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
    /// A client brings along what <see cref="ShownLists"/> gave, perhaps in another process. It only changes what this session's own readers are told.
    /// Lists that are already known, impossible or outdated are ignored.
    /// </summary>
    public void Recall(ReadOnlySpan<ShownList> lists)
    {
        lock (_gate)
        {
            foreach (ShownList list in lists)
            {
                bool isPossible = list.IsStandIn ? MayBeStandIn(list.Cursor) : !MayBeStandIn(list.Cursor);
                if (!isPossible || list.Begin < Math.Max(1, _floor) || list.To > _environment.Head)
                    continue;
                ShownList recalled = _hasSeveral ? list with { IsOnly = false } : list;
                if (!Hidden.Recall(recalled) || !recalled.IsOnly)
                    continue;

                // If it has polled since, it stands behind the last mail that was not hidden from it.
                long last = LastToldOf(recalled);
                if (last > 0)
                    Hidden.Continue(last + 1, recalled.To);
            }
        }
    }

    /// <summary>
    /// Whether no reader can stand at a place, or come to it: it is beyond all mail, and all starts. Nobody knows who stood where before a
    /// restart; and while there is no reader at all, no place is taken.
    /// </summary>
    private bool IsFree(long from) =>
        from > _environment.RestoredHead + 1 && ((!_hasReader && !_restored) || (from > _newest + 1 && from > _newestStart));

    /// <summary>Whether a cursor is none that a reader comes to by reading on. 0 is everything since the session began.</summary>
    private bool MayBeStandIn(long cursor) => cursor <= _joined && cursor != 0;

    /// <summary>Made when it is needed; its users hold the lock.</summary>
    private HiddenMembers Hidden => _hidden ??= new HiddenMembers(_environment.Options.MaxWaitsPerSession);
}

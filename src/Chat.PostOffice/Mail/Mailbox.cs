
namespace ErlChat;

/// <summary>
/// One session's recent mail and its parked readers. Mail is read by cursor and stays until acknowledged, so a reader
/// whose answer was lost reads the same again; a reader that fell behind the bounds is told to resync, never given a shorter list.
/// </summary>
/// <remarks>
/// Thread-safe. One lock, under which there is no await, no callback, no logging and no other lock; readers are woken after it is released.
/// Mail is posted by one thread at a time (the chat room's log reader); reads come from anywhere.
/// </remarks>
public sealed partial class Mailbox
{
    private readonly Lock _gate = new();
    private readonly PostOffice _office;
    private readonly MailQueue _mail = new();
    private WaiterList _waiters;
    private long _floor;
    private long _newest;
    private long _lastSeen;
    private HiddenMembers? _hidden;


    /// <summary>The newest place where a client started; 0 before the first.</summary>
    private long _newestStart;
    private readonly long _joined;
    private readonly bool _restored;

    /// <summary>Whether a client has started or polled that leaves it to the server to hide what its list showed; and whether another may
    /// have.</summary>
    private bool _hasReader;
    private bool _hasSeveral;
    private CloseReason _reason;
    private bool _closed;
    private bool _ended;
    private bool _isRefusing;
    private volatile bool _forgotten;

    internal Mailbox(SessionKey owner, PostOffice office, long floor, long joined, bool restored)
    {
        _joined = joined;
        _restored = restored;
        Owner = owner;
        _office = office;
        _floor = floor;
        _lastSeen = office.Time.GetTimestamp();
    }

    /// <summary>The session that reads this mailbox.</summary>
    public SessionKey Owner { get; }

    /// <summary>Whether the session has ended. What it has not read yet can still be read until the mailbox is forgotten.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _closed;
        }
    }

    /// <summary>Why the session ended; null while it lives.</summary>
    public CloseReason? ClosedFor
    {
        get
        {
            lock (_gate)
                return _closed ? _reason : null;
        }
    }

    /// <summary>Whether it is no session's mailbox any more: a poll interval has passed since the end, or the session has a new one.</summary>
    internal bool IsForgotten => _forgotten;

    /// <summary>Readers parked at this moment.</summary>
    internal int Parked
    {
        get
        {
            lock (_gate)
                return _waiters.Count;
        }
    }

    /// <summary>What awaited a read threw where it was woken.</summary>
    internal void ReaderFailed(Exception exception) => _office.ReaderFailed(exception);

    /// <summary>Takes note that the session's client is alive.</summary>
    public void Touch()
    {
        lock (_gate)
            _lastSeen = _office.Time.GetTimestamp();
    }

    /// <summary>
    /// Remembers that a client starts to read at <paramref name="from"/> and is about to ask for a list of the lobby. Returns the cursor
    /// that it is to poll with: that place or,
    /// where another reader of this mailbox – a tab – may stand, a stand-in for it. Two readers with one cursor could not be told apart,
    /// and one would be kept from what only the
    /// other was shown.
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

    /// <summary>The cursor of the oldest start without a list, once (<see cref="HiddenMembers.TakeStart"/>); null when there is
    /// none.</summary>
    internal long? TakeListStart()
    {
        lock (_gate)
            return _hidden?.TakeStart();
    }

    /// <summary>
    /// The client that polls with <paramref name="cursor"/> was given a list of the lobby's people as of <paramref name="to"/>: a poll
    /// with that very cursor
    /// must not be told again of joins and leaves up to <paramref name="to"/>. The mail up to there must be in the mailbox.
    /// </summary>
    internal void Hide(long cursor, long to)
    {
        lock (_gate)
            Hidden.Add(cursor, to, isOnly: !_hasSeveral && !_restored);
    }

    /// <summary>What its readers have been shown and are not told again, for a client to bring along later (<see cref="Recall"/>). Newest
    /// last; empty for most.</summary>
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
    /// A client brings along what <see cref="ShownLists"/> gave, perhaps in another process. It only changes what this session's own
    /// readers are told; what is known here already,
    /// cannot be, or is of no use any more, is ignored.
    /// </summary>
    public void Recall(ReadOnlySpan<ShownList> lists)
    {
        lock (_gate)
        {
            foreach (ShownList list in lists)
            {
                bool isPossible = list.IsStandIn ? MayBeStandIn(list.Cursor) : !MayBeStandIn(list.Cursor);
                if (!isPossible || list.Begin < Math.Max(1, _floor) || list.To > _office.Head)
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

    /// <summary>Adds a mail; its readers are to be woken. A mail that is not newer than the last one is ignored, so that one entry reaches a mailbox once however many rooms it shares.</summary>
    internal bool Post(Mail mail, ref WakeBatch woken)
    {
        Waiter? readers;
        lock (_gate)
        {
            if (_closed || mail.Sequence <= _newest)
                return false;
            _mail.Enqueue(mail);
            _office.Hold(mail);
            _newest = mail.Sequence;

            // The newest stays whatever it weighs, or its readers would resync to it for ever.
            while (_mail.Count > 1 && (_mail.Count > _office.Options.MaxMailboxItems || _mail.Weight > _office.Options.MaxMailboxBytes))
                _floor = TakeOldest().Sequence + 1;
            readers = DetachAll();
        }

        woken.Add(readers);
        return true;
    }

    /// <summary>Ends the session's reading. With <paramref name="keepMail"/> what is unread can still be read, then reads find it closed.</summary>
    internal void Close(CloseReason reason, bool keepMail)
    {
        Waiter? woken;
        lock (_gate)
        {
            if (!_closed)
                (_closed, _reason) = (true, reason);
            _ended = true;
            if (!keepMail)
                Empty();
            woken = DetachAll();
        }

        var batch = new WakeBatch(Wake.Closed);
        batch.Add(woken);
        batch.Send();
    }

    internal void Forget()
    {
        _forgotten = true;
        Drop();
    }

    /// <summary>Lets go of all mail, for the bound of all mailboxes: whoever has not read it, or asks for it again, is told to resync.</summary>
    internal void Drop()
    {
        lock (_gate)
        {
            if (_mail.Count == 0)
                return;
            _floor = _newest + 1;
            Empty();
        }
    }

    /// <summary>Estimated bytes of the mail that it holds.</summary>
    internal long Weight
    {
        get
        {
            lock (_gate)
                return _mail.Weight;
        }
    }

    /// <summary>Closes the mailbox if nobody is parked and nobody called for <paramref name="limit"/>: the decision and the removal are one critical section.</summary>
    internal bool TryEvict(TimeSpan limit)
    {
        lock (_gate)
        {
            // Closed for idleness, but its end is not in the log yet: named again until it is.
            if (_closed)
                return _reason == CloseReason.Timeout && !_ended;
            if (_waiters.Count > 0 || _office.Time.GetElapsedTime(_lastSeen) < limit)
                return false;
            (_closed, _reason) = (true, CloseReason.Timeout);
            Empty();
            return true;
        }
    }

    /// <summary>Takes out every parked reader; <see cref="PostOffice.IsStopping"/> is set already, so none can park behind this.</summary>
    internal void DetachForStop(ref WakeBatch woken)
    {
        Waiter? readers;
        lock (_gate)
            readers = DetachAll();
        woken.Add(readers);
    }

    private Mail TakeOldest()
    {
        Mail mail = _mail.Dequeue();
        _office.Release(mail);
        return mail;
    }

    private void Empty()
    {
        for (int i = 0; i < _mail.Count; i++)
            _office.Release(_mail[i]);
        _mail.Clear();
    }

    /// <summary>
    /// Whether no reader can stand at a place, or come to it: it is beyond all mail, and all starts. Nobody knows who stood where before a
    /// restart; and while there is no reader
    /// at all, no place is taken.
    /// </summary>
    private bool IsFree(long from) =>
        from > _office.RestoredHead + 1 && ((!_hasReader && !_restored) || (from > _newest + 1 && from > _newestStart));

    /// <summary>Whether a cursor is none that a reader comes to by reading on. 0 is everything since the session began.</summary>
    private bool MayBeStandIn(long cursor) => cursor <= _joined && cursor != 0;

    /// <summary>Made when it is needed; its users hold the lock.</summary>
    private HiddenMembers Hidden => _hidden ??= new HiddenMembers(_office.Options.MaxWaitsPerSession);

    /// <summary>Takes all waiters out, for waking them once the lock is released.</summary>
    private Waiter? DetachAll()
    {
        // Until now somebody was reading: the woken ones must not count as idle before they have their turn.
        if (_waiters.Count > 0)
            _lastSeen = _office.Time.GetTimestamp();
        _office.CountParked(-_waiters.Count);
        return _waiters.Clear();
    }
}

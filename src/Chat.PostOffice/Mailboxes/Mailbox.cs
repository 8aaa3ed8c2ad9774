using ErlChat.Sessions;

namespace ErlChat.Mailboxes;

/// <summary>
/// One session's recent mail and its parked readers. Mail is read by cursor and stays until it is acknowledged, so a reader whose answer
/// was lost reads the same mail again. A reader that falls behind the limits has to resync; it never gets a list with gaps.
/// </summary>
/// <remarks>
/// Thread-safe. There is one lock. No await, logging or waking happens under it, and no other lock except the one of the recent mail, under
/// which no further one is taken. Readers are woken after it is released.
/// One thread at a time posts mail (the thread that follows the log); reads come from any thread.
/// </remarks>
public sealed partial class Mailbox
{
    private readonly Lock _gate = new();
    private readonly MailboxEnvironment _environment;
    private readonly MailQueue _mail = new();
    private readonly long _joined;
    private readonly bool _restored;
    private readonly long _least;
    private WaiterList _waiters;
    private long _floor;
    private long _newest;
    private long _lastSeen;
    private CloseReason _reason;
    private bool _closed;
    private bool _ended;
    private bool _isRefusing;
    private bool _isUsed;
    private volatile bool _forgotten;

    internal Mailbox(
        SessionKey owner, MailboxEnvironment environment, long floor, long joined, bool restored, bool isReturn = false)
    {
        _least = isReturn ? floor : 0;
        _joined = joined;
        _restored = restored;
        Owner = owner;
        _environment = environment;
        _floor = floor;
        _lastSeen = environment.Time.GetTimestamp();
        if (!environment.HasSeveralNodes)
            return;
        _isStandby = true;
        _home = new MailboxHome(null, 0, endsWithNode: false, _lastSeen);
    }

    /// <summary>The session that owns this mailbox.</summary>
    public SessionKey Owner { get; }

    /// <summary>Whether the session has ended, or its user is offline. Unread mail can be read until the mailbox is removed.</summary>
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

    /// <summary>
    /// Whether this is no longer any session's mailbox: a poll interval has passed since the end, or the session has a new one.
    /// </summary>
    internal bool IsForgotten => _forgotten;

    /// <summary>How many readers are parked now.</summary>
    public int Parked
    {
        get
        {
            lock (_gate)
                return _waiters.Count;
        }
    }

    /// <summary>Whether any call of the session came to this node, or may have come before it started.</summary>
    internal bool WasUsed
    {
        get
        {
            lock (_gate)
                return _isUsed || _restored;
        }
    }

    /// <summary>Reports that the code awaiting a read threw when it was woken.</summary>
    internal void ReaderFailed(Exception exception) => _environment.ReaderFailed(exception);

    /// <summary>Records that the session's client is alive.</summary>
    public void Touch()
    {
        lock (_gate)
            (_lastSeen, _isUsed) = (_environment.Time.GetTimestamp(), true);
    }

    /// <summary>
    /// Adds a mail and the readers to wake. Mail that is not newer than the last is ignored, so that an entry reaches a mailbox once,
    /// however many rooms they share. Returns whether it was added.
    /// </summary>
    internal bool Post(Mail mail, ref WakeBatch woken)
    {
        Waiter? readers;
        lock (_gate)
        {
            if (_closed || mail.Sequence <= _newest)
                return false;
            if (_isStandby && _mail.Count >= _environment.StandbyItems)
                _floor = TakeOldest().Sequence + 1;
            _mail.Enqueue(mail);
            _environment.Hold(mail);
            _newest = mail.Sequence;

            // Keep the newest whatever its size. Otherwise its readers would resync to it forever.
            while (_mail.Count > 1
                && (_mail.Count > _environment.Options.MaxMailboxItems || _mail.Weight > _environment.Options.MaxMailboxBytes))
            {
                _floor = TakeOldest().Sequence + 1;
            }

            readers = DetachAll();
        }

        woken.Add(readers);
        return true;
    }

    /// <summary>
    /// Ends the session's mailbox. With <paramref name="keepMail"/>, unread mail can still be read before reads return closed.
    /// </summary>
    internal void Close(CloseReason reason, bool keepMail)
    {
        Waiter? woken;
        lock (_gate)
        {
            // A user who is offline can still be kicked.
            if (!_closed || _reason == CloseReason.Timeout)
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

    /// <summary>
    /// Discards all mail, for the limit of all mailboxes together. A reader that has not read it, or asks for it again, has to resync.
    /// </summary>
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

    /// <summary>Replaces mail from a sequence on, as <paramref name="by"/> says; null keeps it.</summary>
    internal void Replace(long from, Func<Mail, Mail?> by)
    {
        lock (_gate)
        {
            if (_mail.Count == 0 || _newest < from)
                return;
            _mail.Replace(
                mail =>
                {
                    if (by(mail) is not { } other)
                        return null;
                    _environment.Release(mail);
                    _environment.Hold(other);
                    return other;
                },
                from);
        }
    }

    /// <summary>
    /// Estimated bytes of mail that this mailbox holds. Mail held by several mailboxes counts in part. Looks at every mail.
    /// </summary>
    internal long Share()
    {
        lock (_gate)
        {
            long share = 0;
            for (int i = 0; i < _mail.Count; i++)
                share += _mail[i].Weight / Math.Max(1, _mail[i].Holders);
            return share;
        }
    }

    /// <summary>Moves the time its client was last seen forward, but not into the future.</summary>
    internal void ExcludeSuspension(TimeSpan slept)
    {
        lock (_gate)
        {
            long now = _environment.Time.GetTimestamp();
            long before = _lastSeen;
            long seen = before + (long)(slept.TotalSeconds * _environment.Time.TimestampFrequency);
            _lastSeen = Math.Min(seen, Math.Max(now, _lastSeen));

            // Moved together, so that the session does not count as seen since.
            if (_home is not null)
                _home.NotedAt = Math.Min(_home.NotedAt + (seen - before), Math.Max(now, _home.NotedAt));
        }
    }

    /// <summary>
    /// Closes the mailbox if no reader is parked and the client made no call for <paramref name="limit"/>, as of the timestamp
    /// <paramref name="asOf"/>. The decision and the closing are one critical section. Returns whether the session has to be ended.
    /// </summary>
    internal bool TryEvict(TimeSpan limit, long asOf)
    {
        lock (_gate)
        {
            // Closed for being idle, but the end is not in the log yet: report it again until it is.
            if (_closed)
                return _reason == CloseReason.Timeout && !_ended;
            if (_waiters.Count > 0 || _environment.Time.GetElapsedTime(_lastSeen, asOf) < limit)
                return false;
            (_closed, _reason) = (true, CloseReason.Timeout);
            Empty();
            return true;
        }
    }

    /// <summary>
    /// Removes every parked reader. <see cref="MailboxEnvironment.IsStopping"/> is already set, so no reader can park after this.
    /// </summary>
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
        _environment.Release(mail);
        return mail;
    }

    private void Empty()
    {
        for (int i = 0; i < _mail.Count; i++)
            _environment.Release(_mail[i]);
        _mail.Clear();
    }

    /// <summary>Removes all waiters, to be woken after the lock is released.</summary>
    private Waiter? DetachAll()
    {
        // They were reading until now, and must not count as idle before they have run again.
        if (_waiters.Count > 0)
            _lastSeen = _environment.Time.GetTimestamp();
        _environment.CountParked(-_waiters.Count);
        return _waiters.Clear();
    }
}

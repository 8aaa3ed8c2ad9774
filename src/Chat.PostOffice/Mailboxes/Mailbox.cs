using ErlChat.Sessions;

namespace ErlChat.Mailboxes;

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
    private readonly MailboxEnvironment _environment;
    private readonly MailQueue _mail = new();
    private readonly long _joined;
    private readonly bool _restored;
    private WaiterList _waiters;
    private long _floor;
    private long _newest;
    private long _lastSeen;
    private CloseReason _reason;
    private bool _closed;
    private bool _ended;
    private bool _isRefusing;
    private volatile bool _forgotten;

    internal Mailbox(SessionKey owner, MailboxEnvironment environment, long floor, long joined, bool restored)
    {
        _joined = joined;
        _restored = restored;
        Owner = owner;
        _environment = environment;
        _floor = floor;
        _lastSeen = environment.Time.GetTimestamp();
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
    public int Parked
    {
        get
        {
            lock (_gate)
                return _waiters.Count;
        }
    }

    /// <summary>What awaited a read threw where it was woken.</summary>
    internal void ReaderFailed(Exception exception) => _environment.ReaderFailed(exception);

    /// <summary>Takes note that the session's client is alive.</summary>
    public void Touch()
    {
        lock (_gate)
            _lastSeen = _environment.Time.GetTimestamp();
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
            _environment.Hold(mail);
            _newest = mail.Sequence;

            // The newest stays whatever it weighs, or its readers would resync to it for ever.
            while (_mail.Count > 1 && (_mail.Count > _environment.Options.MaxMailboxItems || _mail.Weight > _environment.Options.MaxMailboxBytes))
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

    /// <summary>Estimated bytes that it holds of all mail: of what many hold, its share. Looks at every mail.</summary>
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

    /// <summary>Counts its client as seen so much later, but not in the future.</summary>
    internal void Forgive(TimeSpan slept)
    {
        lock (_gate)
        {
            long now = _environment.Time.GetTimestamp();
            long seen = _lastSeen + (long)(slept.TotalSeconds * _environment.Time.TimestampFrequency);
            _lastSeen = Math.Min(seen, Math.Max(now, _lastSeen));
        }
    }

    /// <summary>
    /// Closes the mailbox if nobody is parked and nobody called for <paramref name="limit"/>, at the timestamp <paramref name="asOf"/>: the
    /// decision and the removal are one critical section.
    /// </summary>
    internal bool TryEvict(TimeSpan limit, long asOf)
    {
        lock (_gate)
        {
            // Closed for idleness, but its end is not in the log yet: named again until it is.
            if (_closed)
                return _reason == CloseReason.Timeout && !_ended;
            if (_waiters.Count > 0 || _environment.Time.GetElapsedTime(_lastSeen, asOf) < limit)
                return false;
            (_closed, _reason) = (true, CloseReason.Timeout);
            Empty();
            return true;
        }
    }

    /// <summary>Takes out every parked reader; <see cref="MailboxEnvironment.IsStopping"/> is set already, so none can park behind this.</summary>
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

    /// <summary>Takes all waiters out, for waking them once the lock is released.</summary>
    private Waiter? DetachAll()
    {
        // Until now somebody was reading: the woken ones must not count as idle before they have their turn.
        if (_waiters.Count > 0)
            _lastSeen = _environment.Time.GetTimestamp();
        _environment.CountParked(-_waiters.Count);
        return _waiters.Clear();
    }
}

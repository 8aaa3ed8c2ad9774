
namespace ErlChat;

/// <summary>
/// One session's recent mail and its parked readers. Mail is read by cursor and stays until acknowledged, so a reader
/// whose answer was lost reads the same again; a reader that fell behind the bounds is told to resync, never given a shorter list.
/// </summary>
/// <remarks>
/// Thread-safe. One lock, under which there is no await, no callback, no logging and no other lock; readers are woken after it is released.
/// Mail is posted by one thread at a time (the chat room's log reader); reads come from anywhere.
/// </remarks>
public sealed class Mailbox
{
    private readonly Lock _gate = new();
    private readonly PostOffice _office;
    private readonly MailQueue _mail = new();
    private WaiterList _waiters;
    private long _floor;
    private long _newest;
    private long _lastSeen;
    private HiddenMembers? _hidden;

    /// <summary>The last place where a client started; 0 before the first.</summary>
    private long _newestStart;
    private CloseReason _reason;
    private bool _closed;
    private bool _ended;

    internal Mailbox(SessionKey owner, PostOffice office, long floor)
    {
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

    /// <summary>Readers parked at this moment.</summary>
    internal int Parked
    {
        get
        {
            lock (_gate)
                return _waiters.Count;
        }
    }

    /// <summary>Takes note that the session's client is alive.</summary>
    public void Touch()
    {
        lock (_gate)
            _lastSeen = _office.Time.GetTimestamp();
    }

    /// <summary>
    /// The mail from <paramref name="cursor"/> (inclusive) on, at once when there are any; otherwise the first that come within <paramref name="patience"/>.
    /// </summary>
    /// <param name="cursor">First sequence wanted. Acknowledges everything below it.</param>
    /// <param name="hideListed">Leave out joins and leaves that a list already showed (see <see cref="Hide"/>).</param>
    /// <param name="patience">How long to wait at the most.</param>
    /// <param name="aborted">Ends the wait; nothing is lost by it. The outcome is then <see cref="MailStatus.Aborted"/>, not an exception.</param>
    public async ValueTask<MailRead> ReadAsync(long cursor, bool hideListed, TimeSpan patience, CancellationToken aborted)
    {
        long started = _office.Time.GetTimestamp();
        while (true)
        {
            MailRead read = ReadOrPark(cursor, hideListed, out Waiter? waiter, out Waiter? superseded);
            superseded?.End(Wake.Superseded);
            if (waiter is null)
                return read;
            Wake wake;
            try
            {
                TimeSpan remaining = patience - _office.Time.GetElapsedTime(started);
                waiter.Arm(_office.Time, remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero, aborted);
                wake = await waiter.Ended;
            }
            finally
            {
                Unpark(waiter);
                waiter.Dispose();
            }

            if (Outcome(wake) is { } outcome)
                return outcome;
        }
    }

    /// <summary>The same for a reader that ends its waits by itself, <see cref="MailReader"/>: nothing is registered, and no timer made, for each of them.</summary>
    public async ValueTask<MailRead> ReadAsync(long cursor, bool hideListed, MailReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        while (true)
        {
            MailRead read = ReadOrPark(cursor, hideListed, out Waiter? waiter, out Waiter? superseded);
            superseded?.End(Wake.Superseded);
            if (waiter is null)
                return read;
            reader.Begin(waiter);
            Wake wake = await waiter.Ended;
            reader.Done();
            Unpark(waiter);
            if (Outcome(wake) is { } outcome)
                return outcome;
        }
    }

    /// <summary>
    /// Remembers where a client starts that is about to ask for a list of the lobby, unless another reader of this mailbox – a tab – may stand at the same place:
    /// its next poll could not be told from this one's, and would be kept from what only the other was shown.
    /// </summary>
    internal bool TryOpenList(long from)
    {
        lock (_gate)
        {
            if (from <= _newest + 1 || from <= _newestStart)
                return false;
            Open(from);
            return true;
        }
    }

    /// <summary>The same for a place that is known to be nobody else's.</summary>
    internal void OpenList(long from)
    {
        lock (_gate)
            Open(from);
    }

    /// <summary>Gives back what <see cref="TakeListStart"/> took.</summary>
    internal void ReopenList(long from)
    {
        lock (_gate)
            Hidden.Reopen(from);
    }

    /// <summary>The oldest place that <see cref="OpenList"/> remembered, once; null when there is none.</summary>
    internal long? TakeListStart()
    {
        lock (_gate)
            return _hidden?.TakeStart();
    }

    /// <summary>
    /// The client was given a list of the lobby's people as of <paramref name="to"/>, for the cursor <paramref name="from"/>: a poll from that very place
    /// must not be told again of joins and leaves up to <paramref name="to"/>.
    /// </summary>
    internal void Hide(long from, long to)
    {
        lock (_gate)
            Hidden.Add(from, to);
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
            _newest = mail.Sequence;

            // The newest stays whatever it weighs, or its readers would resync to it for ever.
            while (_mail.Count > 1 && (_mail.Count > _office.Options.MaxMailboxItems || _mail.Weight > _office.Options.MaxMailboxBytes))
                _floor = _mail.Dequeue().Sequence + 1;
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
                _mail.Clear();
            woken = DetachAll();
        }

        var batch = new WakeBatch(Wake.Closed);
        batch.Add(woken);
        batch.Send();
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
            _mail.Clear();
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

    /// <summary>What a wake means. Null for Mail and Closed, which read again: a kick posts its notice first and closes then, and the notice must be seen.</summary>
    private static MailRead? Outcome(Wake wake) => wake switch
    {
        Wake.Timeout => MailRead.Of(MailStatus.Timeout),
        Wake.Aborted => MailRead.Of(MailStatus.Aborted),
        Wake.Superseded => MailRead.Of(MailStatus.Superseded),
        Wake.Stopping => MailRead.Of(MailStatus.Stopping),
        _ => null,
    };

    /// <summary>Check-or-park: one critical section, so that no mail can come between.</summary>
    private MailRead ReadOrPark(long cursor, bool hideListed, out Waiter? waiter, out Waiter? superseded)
    {
        waiter = superseded = null;
        lock (_gate)
        {
            _lastSeen = _office.Time.GetTimestamp();
            if (cursor < _floor || cursor < 0 || cursor > Math.Max(_office.Head, _newest) + 1)
                return _closed && _mail.Count == 0 ? new MailRead(MailStatus.Closed, [], _reason) : MailRead.Of(MailStatus.Resync);
            Acknowledge(cursor);
            _hidden?.Polled(cursor);
            if (_hidden is { IsEmpty: true })
                _hidden = null;
            Mail[] mail = Take(cursor, hideListed);
            if (mail.Length > 0)
            {
                if (hideListed)
                    _hidden?.Given(cursor, mail[^1].Sequence);
                return new MailRead(MailStatus.Mail, mail);
            }

            if (_closed)
                return new MailRead(MailStatus.Closed, [], _reason);
            if (_office.IsStopping)
                return MailRead.Of(MailStatus.Stopping);
            if (_waiters.Count >= _office.Options.MaxWaitsPerSession)
                superseded = _waiters.RemoveOldest();
            waiter = new Waiter();
            _waiters.Add(waiter);
            _office.CountParked(superseded is null ? 1 : 0);
            return default;
        }
    }

    private void Acknowledge(long cursor)
    {
        int acknowledged = _mail.IndexOf(cursor) - _office.Options.KeepAcknowledged;
        for (int i = 0; i < acknowledged; i++)
            _floor = _mail.Dequeue().Sequence + 1;
    }

    private Mail[] Take(long cursor, bool hideListed)
    {
        int first = _mail.IndexOf(cursor);
        int count = _mail.Count - first;
        if (count <= 0)
            return [];
        var mail = new Mail[count];
        int taken = 0;
        for (int i = first; i < _mail.Count; i++)
        {
            if (!hideListed || _hidden is null || !_hidden.Covers(_mail[i], cursor))
                mail[taken++] = _mail[i];
        }

        return taken == count ? mail : mail[..taken];
    }

    private void Open(long from)
    {
        _newestStart = Math.Max(_newestStart, from);
        Hidden.Open(from);
    }

    /// <summary>Made when it is needed; its users hold the lock.</summary>
    private HiddenMembers Hidden => _hidden ??= new HiddenMembers(_office.Options.MaxWaitsPerSession);

    private void Unpark(Waiter waiter)
    {
        lock (_gate)
        {
            if (_waiters.Remove(waiter))
                _office.CountParked(-1);
            _lastSeen = _office.Time.GetTimestamp();
        }
    }

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

using ErlChat.Names;

namespace ErlChat.Mailboxes;

/// <content>Reading and parking.</content>
public sealed partial class Mailbox
{
    /// <summary>
    /// The mail from <paramref name="cursor"/> (inclusive) on, at once when there are any; otherwise the first that come within <paramref name="patience"/>.
    /// </summary>
    /// <param name="cursor">First sequence wanted, or the stand-in for it that a start gave. Acknowledges everything below it.</param>
    /// <param name="hideListed">Leave out joins and leaves that a list already showed (see <see cref="Hide"/>).</param>
    /// <param name="patience">How long to wait at the most.</param>
    /// <param name="aborted">Ends the wait; nothing is lost by it. The outcome is then <see cref="MailStatus.Aborted"/>, not an exception.</param>
    public async ValueTask<MailRead> ReadAsync(long cursor, bool hideListed, TimeSpan patience, CancellationToken aborted)
    {
        // Who finds mail needs nothing to wait with.
        if (TryReadNow(cursor, hideListed, out MailRead now))
            return now;

        // Behind an ordinary request the server goes on with whatever the client sent after it.
        var waiter = new Waiter { ResumeOnThreadPool = true };
        ValueTask<MailRead> read = ReadAsync(cursor, hideListed, waiter);
        using ITimer timer = TimerOf(waiter, patience);
        await using (aborted.UnsafeRegister(static waiter => ((Waiter)waiter!).Leave(), waiter))
            return await read;
    }

    /// <summary>The same for a caller that ends its waits itself: nothing is registered for each of them, and no timer made.</summary>
    public ValueTask<MailRead> ReadAsync(long cursor, bool hideListed, Waiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        return waiter.ReadAsync(this, cursor, hideListed);
    }

    /// <summary>
    /// Check-or-park: one critical section, so that no mail can come between. False when the waiter is parked; from then on it is completed once, by whoever takes it out.
    /// </summary>
    internal bool ReadOrPark(long cursor, bool hideListed, Waiter waiter, out MailRead read)
    {
        Waiter? superseded = null;
        lock (_gate)
        {
            _lastSeen = _environment.Time.GetTimestamp();
            if (TryRead(cursor, hideListed, out read))
                return true;
            if (_waiters.Count >= _environment.Options.MaxWaitsPerSession)
                superseded = _waiters.RemoveOldest();
            _waiters.Add(waiter);
            _environment.CountParked(superseded is null ? 1 : 0);
        }

        superseded?.QueueCompletion(Wake.Superseded);
        return false;
    }

    /// <summary>Ends a waiter for this reason, unless it is not parked here any more: it has another reason then.</summary>
    internal void End(Waiter waiter, Wake why)
    {
        lock (_gate)
        {
            if (!_waiters.Remove(waiter))
                return;
            _environment.CountParked(-1);
            _lastSeen = _environment.Time.GetTimestamp();
        }

        waiter.QueueCompletion(why);
    }

    /// <summary>A reader from <paramref name="cursor"/> is given less than it read: up to <paramref name="last"/> instead of <paramref name="read"/>. It goes on behind that.</summary>
    public void GiveBack(long cursor, bool hideListed, long read, long last)
    {
        lock (_gate)
        {
            if (hideListed)
                _hidden?.GiveBack(cursor, read, last, _environment.RestoredHead);
            if (_given == read)
                _given = last;
        }
    }

    private bool TryReadNow(long cursor, bool hideListed, out MailRead read)
    {
        lock (_gate)
        {
            _lastSeen = _environment.Time.GetTimestamp();
            return TryRead(cursor, hideListed, out read);
        }
    }

    private bool TryRead(long cursor, bool hideListed, out MailRead read)
    {
        long begin = MayBeStandIn(cursor) ? PlaceOf(cursor) : cursor;
        if (begin < _floor || begin < 0 || begin > Math.Max(_environment.Head, _newest) + 1)
        {
            read = _closed && _mail.Count == 0 ? new MailRead(MailStatus.Closed, [], _reason) : MailRead.Of(MailStatus.Resync);
            return true;
        }

        Acknowledge(begin);
        if (hideListed)
        {
            _hasReader = true;
            _hidden?.Polled(cursor);
            _hidden?.Forget(_floor);
            if (_hidden is { IsEmpty: true })
                _hidden = null;
        }

        Mail[] mail = Take(begin, cursor, hideListed);
        if (mail.Length > 0)
        {
            if (hideListed)
                _hidden?.Given(cursor, mail[^1].Sequence, _environment.RestoredHead);
            _given = Math.Max(_given, mail[^1].Sequence);
            read = new MailRead(MailStatus.Mail, mail);
        }
        else if (_closed)
        {
            read = new MailRead(MailStatus.Closed, [], _reason);
        }
        else if (_environment.IsStopping)
        {
            read = MailRead.Of(MailStatus.Stopping);
        }
        else
        {
            read = default;
            return false;
        }

        return true;
    }

    /// <summary>A timer would otherwise carry the request's execution context for as long as the poll is parked.</summary>
    private ITimer TimerOf(Waiter waiter, TimeSpan patience)
    {
        using (ExecutionContext.SuppressFlow())
            return _environment.Time.CreateTimer(static waiter => ((Waiter)waiter!).Expire(), waiter, patience > TimeSpan.Zero ? patience : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Acknowledge(long cursor)
    {
        int acknowledged = IndexOf(cursor) - _environment.Options.KeepAcknowledged;
        for (int i = 0; i < acknowledged; i++)
            _floor = TakeOldest().Sequence + 1;
    }

    /// <summary>
    /// The place that a cursor stands for; -1, which nobody can read from, when that is not remembered. 1 is where some begin to read who
    /// do not know 0.
    /// </summary>
    private long PlaceOf(long cursor) => _hidden?.BeginOf(cursor) ?? (cursor == 1 ? 1 : -1);

    /// <summary>The newest mail of a list's stretch that the list does not hide; 0 when there is none.</summary>
    private long LastToldOf(ShownList list)
    {
        long last = 0;
        for (int i = IndexOf(list.Begin); i < _mail.Count && _mail[i].Sequence <= list.To; i++)
        {
            if (!_mail[i].Content.ChangesMembersOf(RoomName.Lobby))
                last = _mail[i].Sequence;
        }

        return last;
    }

    private Mail[] Take(long begin, long cursor, bool hideListed)
    {
        int first = IndexOf(begin);
        int count = _mail.Count - first;
        if (count <= 0)
            return [];
        long shown = hideListed && _hidden is not null ? _hidden.ShownTo(cursor) : 0;
        var mail = new Mail[count];
        int taken = 0;
        for (int i = first; i < _mail.Count; i++)
        {
            if (_mail[i].Sequence > shown || !_mail[i].Content.ChangesMembersOf(RoomName.Lobby))
                mail[taken++] = _mail[i];
        }

        return taken == count ? mail : mail[..taken];
    }

    /// <summary>Where to begin in what is there. Most readers want what is new, and nothing needs to be looked at for them.</summary>
    private int IndexOf(long cursor) => cursor > _newest ? _mail.Count : _mail.IndexOf(cursor);
}

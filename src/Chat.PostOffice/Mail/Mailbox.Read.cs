namespace ErlChat;

/// <content>Reading and parking.</content>
public sealed partial class Mailbox
{
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

    private void Unpark(Waiter waiter)
    {
        lock (_gate)
        {
            if (_waiters.Remove(waiter))
                _office.CountParked(-1);
            _lastSeen = _office.Time.GetTimestamp();
        }
    }
}

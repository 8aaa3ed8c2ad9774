using ErlChat.Names;

namespace ErlChat.Mailboxes;

/// <content>Reading and parking.</content>
public sealed partial class Mailbox
{
    /// <summary>
    /// How long a reader waits at most for another one's position. Longer than a client usually needs from an answer to its next poll.
    /// </summary>
    private static readonly TimeSpan s_longestYield = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Reads the mail from <paramref name="cursor"/> (inclusive) on: at once if there is any, otherwise the first that arrives within
    /// <paramref name="patience"/>.
    /// </summary>
    /// <param name="cursor">
    /// The first sequence wanted, or the stand-in for it that a start returned. Acknowledges everything below it.
    /// </param>
    /// <param name="hideListed">
    /// Whether the client is an older one: joins and leaves that a list has already shown (see <see cref="Hide"/>) are left out, and so is
    /// what only newer clients know.
    /// </param>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="seenSignal">What the reader knows of who types (<see cref="Waiter.SeenSignal"/>); null if it is not to be told.</param>
    /// <param name="aborted">
    /// Ends the wait without losing anything. The result is then <see cref="MailStatus.Aborted"/>, not an exception.
    /// </param>
    public async ValueTask<MailRead> ReadAsync(
        long cursor, bool hideListed, TimeSpan patience, long? seenSignal, CancellationToken aborted)
    {
        // A read that finds mail needs no waiter.
        if (ReadOrPark(cursor, hideListed, waiter: null, out MailRead now))
            return now;

        // After an ordinary request, the server processes on this thread whatever the client sent next.
        var waiter = new Waiter { ResumeOnThreadPool = true, SeenSignal = seenSignal };
        ValueTask<MailRead> read = ReadAsync(cursor, hideListed, waiter);
        using ITimer timer = TimerOf(waiter, patience);
        await using (aborted.UnsafeRegister(static waiter => ((Waiter)waiter!).Leave(), waiter))
            return await read;
    }

    /// <summary>The same for a reader that is not to be told who types.</summary>
    /// <inheritdoc cref="ReadAsync(long, bool, TimeSpan, long?, CancellationToken)" path="/param[@name!='seenSignal']"/>
    public ValueTask<MailRead> ReadAsync(long cursor, bool hideListed, TimeSpan patience, CancellationToken aborted) =>
        ReadAsync(cursor, hideListed, patience, seenSignal: null, aborted);

    /// <summary>The same for a caller that ends its waits itself. Needs neither a registration nor a timer for each read.</summary>
    public ValueTask<MailRead> ReadAsync(long cursor, bool hideListed, Waiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        return waiter.ReadAsync(this, cursor, hideListed);
    }

    /// <summary>
    /// Reads or parks in one critical section, so that no mail can arrive in between. Returns false if the waiter is parked. It is then
    /// completed once, by the code that removes it from the list. Without a waiter, only tries to read.
    /// </summary>
    internal bool ReadOrPark(long cursor, bool hideListed, Waiter? waiter, out MailRead read)
    {
        Waiter? superseded = null;
        Waiter? freed = null;
        bool isRead, yields;
        lock (_gate)
        {
            (_lastSeen, _isUsed) = (_environment.Time.GetTimestamp(), true);
            isRead = TryRead(cursor, hideListed, waiter?.SeenSignal, out read, out yields);
            if (isRead && _hidden is not null && _hidden.Unlisted.TakeFreed())
                freed = DetachAll();
            if (!isRead && waiter is not null)
            {
                if (_waiters.Count >= _environment.Options.MaxWaitsPerSession)
                    superseded = _waiters.RemoveOldest();
                _waiters.Add(waiter);
                _environment.CountParked(superseded is null ? 1 : 0);
            }
        }

        superseded?.QueueCompletion(Wake.Superseded);
        if (freed is not null)
            ReadAgain(freed);
        if (yields)
            _ = StopYieldingAsync();
        return isRead;
    }

    /// <summary>Ends a waiter for this reason, unless it is no longer parked here and so has ended for another reason.</summary>
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

    /// <summary>
    /// Records that a reader at <paramref name="cursor"/> gets less than it read: up to <paramref name="last"/> instead of
    /// <paramref name="read"/>. It continues after that.
    /// </summary>
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

    /// <param name="yields">Whether a reader begins to wait for another one's position (<see cref="UnlistedPositions"/>).</param>
    private bool TryRead(long cursor, bool hideListed, long? seenSignal, out MailRead read, out bool yields)
    {
        yields = false;
        long begin = MayBeStandIn(cursor) ? PlaceOf(cursor) : cursor;
        if (begin < _floor)
            Refill(begin);
        if (begin < _floor || begin < 0 || begin > Math.Max(_environment.Head, _newest) + 1)
        {
            read = _closed && _mail.Count == 0 ? new MailRead(MailStatus.Closed, [], _reason) : MailRead.Of(MailStatus.Resync);
            return true;
        }

        _isStandby = false;
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
        if (mail.Length > 0 && hideListed && MustYield(mail[^1].Sequence, out yields))
        {
            read = default;
            return false;
        }

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
        else if (SignalFor(seenSignal) is { } signal)
        {
            read = new MailRead(MailStatus.Typing, [], Signal: signal);
        }
        else
        {
            read = default;
            return false;
        }

        return true;
    }

    /// <summary>
    /// Whether a reader has to wait before it gets its mail up to here. Only if what follows is hidden from it, and never at the end: the
    /// other reader may not come back.
    /// </summary>
    private bool MustYield(long last, out bool isNew)
    {
        isNew = false;
        return last < _newest && _hidden is not null && !_closed && !_environment.IsStopping && last > _environment.RestoredHead
            && _hidden.Unlisted.MustWait(last, out isNew);
    }

    /// <summary>Ends the wait of those who yield if the other reader does not come.</summary>
    private async Task StopYieldingAsync()
    {
        await Task.Delay(s_longestYield, _environment.Time);
        Waiter? readers;
        lock (_gate)
        {
            _hidden?.Unlisted.GiveUp();
            readers = DetachAll();
        }

        ReadAgain(readers);
    }

    /// <summary>Wakes readers that were removed from the list. Most of them may find nothing, and park again.</summary>
    private static void ReadAgain(Waiter? readers)
    {
        var batch = new WakeBatch(Wake.Mail);
        batch.Add(readers);
        batch.Send();
    }

    /// <summary>
    /// Creates the timer without the request's execution context, which it would otherwise keep alive as long as the poll is parked.
    /// </summary>
    private ITimer TimerOf(Waiter waiter, TimeSpan patience)
    {
        using (ExecutionContext.SuppressFlow())
            return _environment.Time.CreateTimer(
                static waiter => ((Waiter)waiter!).Expire(),
                waiter,
                patience > TimeSpan.Zero ? patience : TimeSpan.Zero,
                Timeout.InfiniteTimeSpan);
    }

    private void Acknowledge(long cursor)
    {
        int acknowledged = IndexOf(cursor) - _environment.Options.KeepAcknowledged;
        for (int i = 0; i < acknowledged; i++)
            _floor = TakeOldest().Sequence + 1;
    }

    /// <summary>
    /// The position that a cursor stands for; -1, from which no one can read, if the stand-in is not known. Some clients start at 1 because
    /// they do not know 0.
    /// </summary>
    private long PlaceOf(long cursor) =>
        _hidden?.BeginOf(cursor) ?? (_environment.HasSeveralNodes ? ShownList.BeginIn(cursor) : null) ?? (cursor == 1 ? 1 : -1);

    /// <summary>The sequence of the newest mail in a list's range that the list does not hide; 0 if there is none.</summary>
    private long LastVisibleIn(ShownList list)
    {
        long last = 0;
        for (int i = IndexOf(list.Begin); i < _mail.Count && _mail[i].Sequence <= list.To; i++)
        {
            if (!_mail[i].Content.ChangesMembersOf(RoomName.Lobby) && !_mail[i].Content.IsForNewer)
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
            if (hideListed && _mail[i].Content.IsForNewer)
                continue;
            if (_mail[i].Sequence > shown || !_mail[i].Content.ChangesMembersOf(RoomName.Lobby))
                mail[taken++] = _mail[i];
        }

        return taken == count ? mail : mail[..taken];
    }

    /// <summary>The index at which reading begins. Most readers want only new mail, and for them there is no search.</summary>
    private int IndexOf(long cursor) => cursor > _newest ? _mail.Count : _mail.IndexOf(cursor);
}

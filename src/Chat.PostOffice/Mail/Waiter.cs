using System.Threading.Tasks.Sources;

namespace ErlChat;

/// <summary>
/// One parked read, or none: somebody who reads one mailbox after the other can wait with the same one each time. It ends for one reason, that of whoever takes it out of the mailbox's list.
/// It has neither timer nor token. Whoever waits with it sees for himself when he has waited long enough, or is gone, and says so.
/// </summary>
/// <remarks>
/// One read at a time. <see cref="Expire"/> and <see cref="Leave"/> are thread-safe: whoever keeps the time and whoever sees the connection end need not be the one who reads.
/// It is the source of what is awaited itself, not a holder of one, and used again: tens of thousands exist at once. What awaits it runs in <see cref="Complete"/>, which is called from the
/// thread pool only: never by who posts mail, under a lock, or in a timer.
/// </remarks>
public sealed class Waiter : IValueTaskSource<MailRead>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<MailRead> _source;
    private Mailbox? _box;
    private long _cursor;
    private bool _hideListed;
    private volatile bool _gone;
    private Wake _why;

    /// <summary>The waiter that was parked after this one, or that is woken after it; guarded by the mailbox's lock while it is parked.</summary>
    internal Waiter? Next { get; set; }

    /// <summary>
    /// Ends the read that is parked, if one is, with <see cref="MailStatus.Timeout"/>. Who calls it just when mail comes may end the next read instead, early.
    /// </summary>
    public void Expire() => Volatile.Read(ref _box)?.End(this, Wake.Timeout);

    /// <summary>Ends the read that is parked, and every one to come, with <see cref="MailStatus.Aborted"/>.</summary>
    public void Leave()
    {
        _gone = true;
        Interlocked.MemoryBarrier();
        EndIfGone(Volatile.Read(ref _box));
    }

    /// <summary>Reads, at once or when there is mail. The outcome is to be awaited before the next read.</summary>
    internal ValueTask<MailRead> ReadAsync(Mailbox box, long cursor, bool hideListed)
    {
        _source.Reset();
        (_cursor, _hideListed) = (cursor, hideListed);
        if (!ReferenceEquals(_box, box))
        {
            // The fence, as in PostOffice.StopAdmitting: either the leaver finds the mailbox, or this finds that it has left.
            Volatile.Write(ref _box, box);
            Interlocked.MemoryBarrier();
        }

        if (box.ReadOrPark(cursor, hideListed, this, out MailRead read))
            return new ValueTask<MailRead>(read);
        EndIfGone(box);
        return new ValueTask<MailRead>(this, _source.Version);
    }

    /// <summary>Ends the read, for whoever took the waiter out of its mailbox. On a thread of the pool only.</summary>
    internal void Complete(Wake why)
    {
        // A wake carries no mail. Closed reads too: a kick posts its notice first and closes then, and the notice must be seen.
        Mailbox box = _box!;
        MailRead read = MailRead.Of(why);
        if (why is not (Wake.Mail or Wake.Closed) || box.ReadOrPark(_cursor, _hideListed, this, out read))
            _source.SetResult(read);
        else
            EndIfGone(box);
    }

    /// <summary>The same on a thread of the pool.</summary>
    internal void QueueCompletion(Wake why)
    {
        _why = why;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => Complete(_why);

    MailRead IValueTaskSource<MailRead>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<MailRead>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<MailRead>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void EndIfGone(Mailbox? box)
    {
        if (_gone)
            box?.End(this, Wake.Aborted);
    }
}

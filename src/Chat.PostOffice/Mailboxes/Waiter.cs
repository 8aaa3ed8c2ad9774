using System.Threading.Tasks.Sources;

namespace ErlChat.Mailboxes;

/// <summary>
/// What a reader parks with, again and again. Each park ends once, for one reason: that of whoever takes the waiter out of the mailbox's list.
/// It has neither timer nor token: its owner keeps the time, and says when it has waited long enough or is gone.
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
    private bool _isReading;
    private volatile bool _expired;
    private volatile bool _gone;
    private Wake _why;

    /// <summary>
    /// Whether what awaits a read goes on in a work item of its own: for readers of which nobody knows what they do next. Others that the same mail wakes wait until one that goes on at once is done.
    /// </summary>
    internal bool ResumeOnThreadPool
    {
        init => _source.RunContinuationsAsynchronously = value;
    }

    /// <summary>The waiter that was parked after this one, or that is woken after it; guarded by the mailbox's lock while it is parked.</summary>
    internal Waiter? Next { get; set; }

    /// <summary>Ends the read that is parked, if one is, with <see cref="MailStatus.Timeout"/>. Who calls it just when that read ends may end the next one instead, early.</summary>
    public void Expire()
    {
        _expired = true;
        Interlocked.MemoryBarrier();
        EndIfDue(Volatile.Read(ref _box));
    }

    /// <summary>Ends the read that is parked, and every one to come that would park, with <see cref="MailStatus.Aborted"/>.</summary>
    public void Leave()
    {
        _gone = true;
        Interlocked.MemoryBarrier();
        EndIfDue(Volatile.Read(ref _box));
    }

    /// <summary>Reads, at once or when there is mail. The outcome is to be awaited before the next read.</summary>
    /// <exception cref="InvalidOperationException">The last one was not.</exception>
    internal ValueTask<MailRead> ReadAsync(Mailbox box, long cursor, bool hideListed)
    {
        if (_isReading)
            throw new InvalidOperationException("A waiter is for one read at a time.");
        _source.Reset();
        (_cursor, _hideListed, _expired) = (cursor, hideListed, false);
        if (!ReferenceEquals(_box, box))
        {
            // The fence, as in PostOffice.StopAdmitting: either the leaver finds the mailbox, or this finds that it has left.
            Volatile.Write(ref _box, box);
            Interlocked.MemoryBarrier();
        }

        if (box.ReadOrPark(cursor, hideListed, this, out MailRead read))
            return new ValueTask<MailRead>(read);
        _isReading = true;
        EndIfDue(box);
        return new ValueTask<MailRead>(this, _source.Version);
    }

    /// <summary>Ends the read, for whoever took the waiter out of its mailbox. On a thread of the pool only. Does not throw.</summary>
    internal void Complete(Wake why)
    {
        Mailbox box = _box!;
        try
        {
            // A wake carries no mail. Closed reads too: a kick posts its notice first and closes then, and the notice must be seen.
            if (why is Wake.Mail or Wake.Closed)
                ReadAgain(box);
            else
                _source.SetResult(MailRead.Of(why));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug of what awaits the read. Those that are woken with it are not to stay parked for it, nor the server to end.
            box.ReaderFailed(e);
        }
    }

    /// <summary>The same on a thread of the pool.</summary>
    internal void QueueCompletion(Wake why)
    {
        _why = why;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => Complete(_why);

    MailRead IValueTaskSource<MailRead>.GetResult(short token)
    {
        _isReading = false;
        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<MailRead>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<MailRead>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void ReadAgain(Mailbox box)
    {
        MailRead read;
        try
        {
            if (!box.ReadOrPark(_cursor, _hideListed, this, out read))
            {
                // All that came is hidden from this reader. Who found no read to end meanwhile finds it now.
                EndIfDue(box);
                return;
            }
        }
        catch (Exception e)
        {
            // The reader's, not the pool's: there it would end the process.
            _source.SetException(e);
            return;
        }

        _source.SetResult(read);
    }

    private void EndIfDue(Mailbox? box)
    {
        if (_gone)
            box?.End(this, Wake.Aborted);
        else if (_expired)
            box?.End(this, Wake.Timeout);
    }
}

using System.Threading.Tasks.Sources;

namespace ErlChat.Mailboxes;

/// <summary>
/// What a reader parks with, any number of times. Each park ends once, for the reason given by the code that removes the waiter from the
/// mailbox's list. It has neither a timer nor a token: its owner calls <see cref="Expire"/> or <see cref="Leave"/>.
/// </summary>
/// <remarks>
/// One read at a time. <see cref="Expire"/> and <see cref="Leave"/> are thread-safe, because other threads than the reader's may watch the
/// time and the connection. The waiter itself is the awaited source and is reused, because tens of thousands exist at once. The code that
/// awaits it runs in <see cref="Complete"/>, which is called on the thread pool only: never by the thread that posts mail, under a lock, or
/// in a timer.
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
    /// Whether the code awaiting a read resumes in a separate work item. Use it for readers that may do anything next: otherwise the
    /// readers woken after this one wait until it is done.
    /// </summary>
    internal bool ResumeOnThreadPool
    {
        init => _source.RunContinuationsAsynchronously = value;
    }

    /// <summary>
    /// The number of the last signal that the reader saw, or another number for none; null if it does not want to know who types. Set it
    /// between reads.
    /// </summary>
    public long? SeenSignal { get; set; }

    /// <summary>The next waiter in the mailbox's list or in the wake batch. Guarded by the mailbox's lock while parked.</summary>
    internal Waiter? Next { get; set; }

    /// <summary>
    /// Ends the parked read, if there is one, with <see cref="MailStatus.Timeout"/>. If that read ends at the same time, the call may end
    /// the next one early instead.
    /// </summary>
    public void Expire()
    {
        _expired = true;
        Interlocked.MemoryBarrier();
        EndIfDue(Volatile.Read(ref _box));
    }

    /// <summary>Ends the parked read with <see cref="MailStatus.Aborted"/>, and every later read that would park.</summary>
    public void Leave()
    {
        _gone = true;
        Interlocked.MemoryBarrier();
        EndIfDue(Volatile.Read(ref _box));
    }

    /// <summary>Reads at once, or when there is mail. Await the result before the next read.</summary>
    /// <exception cref="InvalidOperationException">The previous read has not been awaited.</exception>
    internal ValueTask<MailRead> ReadAsync(Mailbox box, long cursor, bool hideListed)
    {
        if (_isReading)
            throw new InvalidOperationException("A waiter is for one read at a time.");
        _source.Reset();
        (_cursor, _hideListed, _expired) = (cursor, hideListed, false);
        if (!ReferenceEquals(_box, box))
        {
            // A full fence, as in MailboxEnvironment.Stop: either Leave finds the mailbox, or this read finds the flag.
            Volatile.Write(ref _box, box);
            Interlocked.MemoryBarrier();
        }

        if (box.ReadOrPark(cursor, hideListed, this, out MailRead read))
            return new ValueTask<MailRead>(read);
        _isReading = true;
        EndIfDue(box);
        return new ValueTask<MailRead>(this, _source.Version);
    }

    /// <summary>
    /// Ends the read. Called by the code that removed the waiter from its mailbox, on the thread pool only. Does not throw.
    /// </summary>
    internal void Complete(Wake why)
    {
        Mailbox box = _box!;
        try
        {
            // A wake-up carries no mail. A closed mailbox is read too: a kick posts its notice before it closes, and the user must see the
            // notice.
            if (why is Wake.Mail or Wake.Closed)
                ReadAgain(box);
            else
                _source.SetResult(MailRead.Of(why));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug in the code that awaits the read. It must not keep the other woken readers parked, or end the server.
            box.ReaderFailed(e);
        }
    }

    /// <summary>The same in a work item of the thread pool.</summary>
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

    void IValueTaskSource<MailRead>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void ReadAgain(Mailbox box)
    {
        MailRead read;
        try
        {
            if (!box.ReadOrPark(_cursor, _hideListed, this, out read))
            {
                // Everything that came is hidden from this reader. Expire or Leave may have found nothing to end in the meantime, so check
                // again.
                EndIfDue(box);
                return;
            }
        }
        catch (Exception e)
        {
            // Pass it to the reader. An unhandled exception on the thread pool would end the process.
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

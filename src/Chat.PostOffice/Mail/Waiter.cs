namespace ErlChat;

/// <summary>
/// One parked read. It ends exactly once, by the first <c>TrySetResult</c>; its timer and its abort registration do nothing else.
/// </summary>
/// <remarks>
/// It is the completion source itself, not a holder of one: tens of thousands exist at once. Whoever parked it disposes it, on every path.
/// </remarks>
internal sealed class Waiter() : TaskCompletionSource<Wake>(TaskCreationOptions.RunContinuationsAsynchronously), IDisposable
{
    private ITimer? _timer;
    private CancellationTokenRegistration _abort;

    /// <summary>The waiter that was parked after this one; guarded by the mailbox's lock.</summary>
    internal Waiter? Next { get; set; }

    /// <summary>Starts the clock and watches the reader. Call it once, without the mailbox's lock: a token that is cancelled already ends the waiter at once.</summary>
    internal void Arm(TimeProvider time, TimeSpan patience, CancellationToken aborted)
    {
        // The timer would otherwise carry the request's execution context for as long as the poll is parked.
        using (ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(static state => ((Waiter)state!).TrySetResult(Wake.Timeout), this, patience, Timeout.InfiniteTimeSpan);
        _abort = aborted.UnsafeRegister(static state => ((Waiter)state!).TrySetResult(Wake.Aborted), this);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _abort.Dispose();
    }
}

using System.Threading.Tasks.Sources;

namespace ErlChat;

/// <summary>
/// One parked read. It ends exactly once, for the first reason that claims it (<see cref="TryClaim"/>); its timer and its abort registration do nothing else.
/// </summary>
/// <remarks>
/// It is the source of what is awaited itself, not a holder of one: tens of thousands exist at once. Whoever parked it disposes it, on every path. Its continuation
/// runs in <see cref="Complete"/>, which is called from the thread pool only: never by who posts mail, under a lock, or in a timer.
/// </remarks>
internal sealed class Waiter : IValueTaskSource<Wake>, IThreadPoolWorkItem, IDisposable
{
    private const int Unclaimed = -1;

    private ManualResetValueTaskSourceCore<Wake> _source;
    private ITimer? _timer;
    private CancellationTokenRegistration _abort;
    private int _wake = Unclaimed;

    /// <summary>The waiter that was parked after this one, or that is woken after it; guarded by the mailbox's lock while it is parked.</summary>
    internal Waiter? Next { get; set; }

    /// <summary>Why it ended. To be awaited once.</summary>
    internal ValueTask<Wake> Ended => new(this, _source.Version);

    /// <summary>Starts the clock and watches the reader. Call it once, without the mailbox's lock: a token that is cancelled already ends the waiter at once.</summary>
    internal void Arm(TimeProvider time, TimeSpan patience, CancellationToken aborted)
    {
        // The timer would otherwise carry the request's execution context for as long as the poll is parked.
        using (ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(static state => ((Waiter)state!).End(Wake.Timeout), this, patience, Timeout.InfiniteTimeSpan);
        _abort = aborted.UnsafeRegister(static state => ((Waiter)state!).End(Wake.Aborted), this);
    }

    /// <summary>Ends the waiter for this reason; nothing happens when it has one already.</summary>
    internal void End(Wake why)
    {
        if (TryClaim(why))
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Whether this is the reason that ends the waiter. Who claims it must see to it that it is completed.</summary>
    internal bool TryClaim(Wake why) => Interlocked.CompareExchange(ref _wake, (int)why, Unclaimed) == Unclaimed;

    /// <summary>Runs what awaits a waiter that was claimed. On a thread of the pool only.</summary>
    internal void Complete() => _source.SetResult((Wake)_wake);

    public void Dispose()
    {
        _timer?.Dispose();
        _abort.Dispose();
    }

    void IThreadPoolWorkItem.Execute() => Complete();

    Wake IValueTaskSource<Wake>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Wake>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Wake>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}

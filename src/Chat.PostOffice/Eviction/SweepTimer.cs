namespace ErlChat.Eviction;

/// <summary>
/// Ticks at a fixed period and measures how late each tick is. A very late tick means that the process was not running: it was stopped by a
/// signal, its machine was suspended, or it got no processor time. Ticks that nobody waited for are not made up.
/// </summary>
/// <remarks>
/// One waiter at a time. Lateness is measured where the timer fires, not where the tick is awaited, because the loop may be late for other
/// reasons.
/// </remarks>
internal sealed class SweepTimer : IDisposable
{
    /// <summary>
    /// How many periods late a tick must be to count as suspended, within the two limits below. A busy machine alone is not that late.
    /// </summary>
    private const int Periods = 2;

    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A tick this late always counts as suspended, however long the period is: a busy machine alone does not cause that.
    /// </summary>
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _due = new(0, 1);
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly TimeSpan _tolerance;
    private readonly ITimer _timer;
    private long _last;
    private long _slept;

    internal SweepTimer(TimeSpan period, TimeProvider time)
    {
        (_time, _period, _last) = (time, period, time.GetTimestamp());
        _tolerance = TimeSpan.FromTicks(Math.Clamp((period * Periods).Ticks, s_least.Ticks, s_most.Ticks));
        _timer = time.CreateTimer(static timer => ((SweepTimer)timer!).Tick(), this, period, period);
    }

    /// <summary>The timestamp of the last tick.</summary>
    internal long Last => Volatile.Read(ref _last);

    /// <summary>Waits for the next tick.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal Task WaitAsync(CancellationToken cancellationToken) => _due.WaitAsync(cancellationToken);

    /// <summary>How long the process has been suspended since the last call.</summary>
    internal TimeSpan TakeSuspendedTime() => TimeSpan.FromTicks(Interlocked.Exchange(ref _slept, 0));

    public void Dispose()
    {
        _timer.Dispose();
        _due.Dispose();
    }

    private void Tick()
    {
        long now = _time.GetTimestamp();
        TimeSpan late = _time.GetElapsedTime(Interlocked.Exchange(ref _last, now), now) - _period;
        if (late > _tolerance)
            Interlocked.Add(ref _slept, late.Ticks);
        try
        {
            if (_due.CurrentCount == 0)
                _due.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Two ticks came at the same time, or the last one came after Dispose.
        }
    }
}

namespace ErlChat.Eviction;

/// <summary>
/// Ticks of a fixed period, and how much later than that one of them came: for as long as the process stood still – stopped by a signal,
/// its machine suspended, or far too busy. A tick that nobody waited for is not made up for.
/// </summary>
/// <remarks>
/// One waits at a time. The lateness is measured where the timer fires, not where the tick is awaited: a loop may be late for reasons of
/// its own.
/// </remarks>
internal sealed class SweepTimer : IDisposable
{
    /// <summary>So many periods late is more than a busy machine, when it is neither shorter nor longer than the times below.</summary>
    private const int Periods = 2;

    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);

    /// <summary>So late is no machine for being busy, however long the period.</summary>
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

    /// <summary>When the last tick came, as a timestamp.</summary>
    internal long Last => Volatile.Read(ref _last);

    /// <exception cref="OperationCanceledException">Nobody wants to wait any more.</exception>
    internal Task WaitAsync(CancellationToken cancellationToken) => _due.WaitAsync(cancellationToken);

    /// <summary>How long the process has stood still since this was asked the last time.</summary>
    internal TimeSpan TakeSlept() => TimeSpan.FromTicks(Interlocked.Exchange(ref _slept, 0));

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
            // Two ticks at once, or the last one.
        }
    }
}

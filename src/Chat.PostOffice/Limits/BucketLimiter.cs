using System.Threading.RateLimiting;

namespace ErlChat.Limits;

/// <summary>
/// A token bucket: <see cref="RateOptions.Count"/> at once, refilled evenly over <see cref="RateOptions.Window"/>. It is refilled when it is asked, by a <see cref="TimeProvider"/>;
/// the framework's own has the system's clock and a timer.
/// </summary>
/// <remarks>
/// Thread-safe. What costs more than the whole bucket is let through by a full one, and owed. A lease gives back what it took when it is disposed: dispose it when nothing came of it,
/// otherwise let it go.
/// </remarks>
public sealed class BucketLimiter : RateLimiter
{
    private readonly Lock _gate = new();
    private readonly Limit _limit;
    private readonly TimeProvider _time;
    private readonly TimeSpan _longestDelay;

    // A tick refills as many drops as there are permits in the bucket, and a permit is as many drops as there are ticks in the window: whole numbers, so that who waits as long as told
    // is not refused by a rounding. At most 3.6 · 10¹⁸, by the options' ranges.
    private readonly long _perTick;
    private readonly long _perPermit;
    private readonly long _full;
    private long _drops;
    private long _filled;
    private long _fullAt;
    private bool _refusing;

    /// <param name="count">1 to <see cref="RateOptions.MaxCount"/>.</param>
    /// <param name="window">Up to an hour.</param>
    /// <param name="limit">What a refusal is said to be by.</param>
    /// <param name="time">The clock.</param>
    /// <param name="longestDelay">How long <see cref="RateLimiter.AcquireAsync"/> waits at the most.</param>
    public BucketLimiter(int count, TimeSpan window, Limit limit, TimeProvider time, TimeSpan longestDelay = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RateOptions.MaxCount);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, TimeSpan.FromHours(1));
        (_limit, _time, _longestDelay) = (limit, time, longestDelay);
        (_perTick, _perPermit) = (count, window.Ticks);
        _drops = _full = _perTick * _perPermit;
        _filled = _fullAt = time.GetTimestamp();
    }

    /// <summary>How long it has been full; null while it is not, because to forget it would be to refill it.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            long now = _time.GetTimestamp();
            long fullAt = Volatile.Read(ref _fullAt);
            return now >= fullAt ? _time.GetElapsedTime(fullAt, now) : null;
        }
    }

    public override RateLimiterStatistics? GetStatistics()
    {
        lock (_gate)
        {
            Refill();
            return new RateLimiterStatistics { CurrentAvailablePermits = Math.Max(0, _drops / _perPermit) };
        }
    }

    internal void GiveBack(long drops)
    {
        lock (_gate)
            Set(Math.Min(_full, _drops + drops));
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_gate)
        {
            if (TryTake(permitCount, out long drops, out long missing))
                return new BucketLease(this, drops);
            bool begins = !_refusing;
            _refusing = true;
            return new LimitLease(_limit, WaitFor(missing), begins);
        }
    }

    /// <summary>Takes the permits now, and gives them when they are there: who comes next waits longer. Beyond the longest delay no more is owed.</summary>
    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        long drops;
        lock (_gate)
        {
            if (TryTake(permitCount, out drops, out long missing))
                return new BucketLease(this, drops);
            wait = WaitFor(missing);
            if (wait <= _longestDelay)
                Set(_drops - drops);
            else
                (wait, drops) = (_longestDelay, 0);
        }

        await Task.Delay(wait, _time, cancellationToken);
        return new BucketLease(this, drops);
    }

    private bool TryTake(int permits, out long drops, out long missing)
    {
        Refill();
        drops = Math.Min(permits, RateOptions.MaxCount) * _perPermit;
        missing = Math.Min(drops, _full) - _drops;
        if (missing > 0)
            return false;
        Set(_drops - drops);
        return true;
    }

    private TimeSpan WaitFor(long missing) => TimeSpan.FromTicks((missing - 1) / _perTick + 1);

    private void Refill()
    {
        long now = _time.GetTimestamp();
        long ticks = _time.GetElapsedTime(_filled, now).Ticks;
        if (ticks >= (_full - _drops - 1) / _perTick + 1)
        {
            (_drops, _filled, _refusing) = (_full, now, false);
            return;
        }

        // What is less than a tick is left for the next time.
        _drops += ticks * _perTick;
        _filled += ToTimestamp(ticks);
    }

    private void Set(long drops)
    {
        _drops = drops;
        Volatile.Write(ref _fullAt, _filled + ToTimestamp((_full - drops) / _perTick + 1));
    }

    private long ToTimestamp(long ticks) => (long)((Int128)ticks * _time.TimestampFrequency / TimeSpan.TicksPerSecond);
}

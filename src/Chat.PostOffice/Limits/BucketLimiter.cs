using System.Threading.RateLimiting;

namespace ErlChat.Limits;

/// <summary>
/// A token bucket: <see cref="RateOptions.Count"/> at once, refilled evenly over <see cref="RateOptions.Window"/>. It refills whenever it
/// is used, by a <see cref="TimeProvider"/>. The framework's own limiter uses the system's clock and a timer.
/// </summary>
/// <remarks>
/// Thread-safe. A request that costs more than the whole bucket passes if the bucket is full, and the rest is owed. Disposing a lease
/// returns what it took. Dispose it only if the request came to nothing.
/// </remarks>
public sealed class BucketLimiter : RateLimiter
{
    /// <summary>
    /// Added to a number of permits, takes them even if the bucket does not have them, and owes the rest. A partitioned limiter passes
    /// nothing but a number to the bucket of a key.
    /// </summary>
    public const int Owing = 1 << 30;

    /// <summary>How many full buckets may be owed. More is forgiven, or nobody would live to see it repaid.</summary>
    private const int MostOwed = 16;

    private readonly Lock _gate = new();
    private readonly Limit _limit;
    private readonly TimeProvider _time;
    private readonly TimeSpan _longestDelay;

    // The bucket counts in drops, which are whole numbers, so that rounding never refuses a caller that waited as long as it was told. Each
    // tick refills as many drops as the bucket has permits, and a permit is as many drops as the window has ticks. The options' ranges
    // limit the drops to 3.6 · 10¹⁸.
    private readonly long _perTick;
    private readonly long _perPermit;
    private readonly long _full;
    private readonly long _least;
    private long _drops;
    private long _filled;
    private long _fullAt;
    private bool _refusing;

    /// <summary>Creates a full bucket.</summary>
    /// <param name="count">1 to <see cref="RateOptions.MaxCount"/>.</param>
    /// <param name="window">More than zero, up to an hour.</param>
    /// <param name="limit">The limit that refusals name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="longestDelay">How long <see cref="RateLimiter.AcquireAsync"/> waits at most.</param>
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
        _least = _full > long.MaxValue / 4 / MostOwed ? -long.MaxValue / 4 : -_full * MostOwed;
        _filled = _fullAt = time.GetTimestamp();
    }

    /// <summary>How long the bucket has been full. Null while it is not, because forgetting it would refill it.</summary>
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
            if (permitCount >= Owing)
                return new BucketLease(this, Owe(permitCount - Owing));
            if (TryTake(permitCount, out long drops, out long missing))
                return new BucketLease(this, drops);
            bool begins = !_refusing;
            _refusing = true;
            return new LimitLease(_limit, WaitFor(missing), begins);
        }
    }

    /// <summary>
    /// Takes the permits now, even in advance, and returns when they have been refilled, so later callers wait longer. If the wait would
    /// exceed the longest delay, waits that long and takes nothing.
    /// </summary>
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

    private long Owe(int permits)
    {
        Refill();
        long drops = Math.Min(Math.Min(permits, RateOptions.MaxCount) * _perPermit, _drops - _least);
        Set(_drops - drops);
        return drops;
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

        // Keep the fraction of a tick for the next time.
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

using System.Threading.RateLimiting;

namespace ErlChat.Limits;

/// <summary>So many at a time. All have the same lease, since there are as many as connections: each takes it once and disposes it once.</summary>
/// <remarks>Thread-safe. The framework's own throws when it is used at the moment it is being removed.</remarks>
internal sealed class PlaceLimiter : RateLimiter
{
    private readonly int _most;
    private readonly TimeProvider _time;
    private readonly Lease _lease;
    private readonly Limit _limit;
    private int _taken;
    private int _refusing;
    private long _idleSince;

    internal PlaceLimiter(int most, Limit limit, TimeProvider time)
    {
        (_most, _limit, _time) = (most, limit, time);
        _lease = new Lease(this);
        _idleSince = time.GetTimestamp();
    }

    public override TimeSpan? IdleDuration => Volatile.Read(ref _taken) > 0 ? null : _time.GetElapsedTime(Volatile.Read(ref _idleSince));

    public override RateLimiterStatistics? GetStatistics() => new() { CurrentAvailablePermits = _most - Volatile.Read(ref _taken) };

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        if (Interlocked.Increment(ref _taken) <= _most)
            return _lease;
        Interlocked.Decrement(ref _taken);
        return new LimitLease(_limit, TimeSpan.FromSeconds(10), Interlocked.Exchange(ref _refusing, 1) == 0);
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(AttemptAcquireCore(permitCount));

    private void Free()
    {
        int left = Interlocked.Decrement(ref _taken);
        if (left == 0)
            Volatile.Write(ref _idleSince, _time.GetTimestamp());

        // Half empty: what comes now is not what came then.
        if (left <= _most / 2 && Volatile.Read(ref _refusing) != 0)
            Volatile.Write(ref _refusing, 0);
    }

    private sealed class Lease(PlaceLimiter limiter) : RateLimitLease
    {
        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            limiter.Free();
            base.Dispose(disposing);
        }
    }
}

using System.Threading.RateLimiting;

namespace ErlChat.Web.Admin;

/// <summary>
/// So many tries at once, refilled evenly over a minute. The framework's token bucket has a clock of its own; this one has the server's.
/// </summary>
/// <remarks>Thread-safe. Nothing waits in it: <see cref="RateLimiter.AcquireAsync"/> answers at once. A lease for no permits says whether
/// one could be had, and takes none.</remarks>
internal sealed class TryBudget(int tries, TimeProvider time) : RateLimiter
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    /// <summary>
    /// A tick refills as many drops as there are tries, and a try takes a window's ticks of them: whole numbers, as in the chat's rate
    /// limits.
    /// </summary>
    private long _drops = s_window.Ticks * tries;
    private long _filled = time.GetTimestamp();
    private long _fullSince = time.GetTimestamp();

    /// <summary>How long the budget has been whole; null while it is not. Tells the partitions when to forget it.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return _drops == Full ? time.GetElapsedTime(_fullSince) : null;
            }
        }
    }

    private long Full => s_window.Ticks * tries;

    public override RateLimiterStatistics GetStatistics()
    {
        lock (_gate)
        {
            Refill();
            return new RateLimiterStatistics { CurrentAvailablePermits = _drops / s_window.Ticks };
        }
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_gate)
        {
            Refill();
            long missing = Math.Max(1, permitCount) * s_window.Ticks - _drops;
            if (missing > 0)
                return new Lease(TimeSpan.FromTicks((missing + tries - 1) / tries));
            _drops -= permitCount * s_window.Ticks;
            return new Lease(null);
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(permitCount));

    private void Refill()
    {
        long now = time.GetTimestamp();
        long passed = Math.Min(s_window.Ticks, time.GetElapsedTime(_filled, now).Ticks);
        bool wasFull = _drops == Full;
        _drops = Math.Min(Full, _drops + passed * tries);
        _filled = now;
        if (!wasFull && _drops == Full)
            _fullSince = now;
    }

    private sealed class Lease(TimeSpan? retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => retryAfter is null;

        public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = retryAfter;
            return retryAfter is not null && metadataName == MetadataName.RetryAfter.Name;
        }
    }
}

using System.Threading.RateLimiting;

namespace ErlChat.Limits;

/// <summary>
/// What was taken out of a bucket. Disposing it returns that to the bucket, for a request that came to nothing. If the permits were used,
/// do not dispose it.
/// </summary>
internal sealed class BucketLease(BucketLimiter bucket, long drops) : RateLimitLease
{
    private BucketLimiter? _bucket = bucket;

    public override bool IsAcquired => true;

    public override IEnumerable<string> MetadataNames => [];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _bucket, null)?.GiveBack(drops);
        base.Dispose(disposing);
    }
}

/// <summary>A limit's refusal.</summary>
/// <param name="limit">The limit.</param>
/// <param name="wait">How long to wait before the next try.</param>
/// <param name="begins">Whether this is the first refusal since the limit was fully available.</param>
internal sealed class LimitLease(Limit limit, TimeSpan wait, bool begins) : RateLimitLease
{
    internal static MetadataName<Limit> Limit { get; } = new("LIMIT");

    internal static MetadataName<bool> Begins { get; } = new("BEGINS");

    public override bool IsAcquired => false;

    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name, Limit.Name, Begins.Name];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? wait
            : metadataName == Limit.Name ? limit
            : metadataName == Begins.Name ? begins
            : null;
        return metadata is not null;
    }
}

using System.Threading.RateLimiting;

namespace ErlChat.Limits;

/// <summary>What was taken out of a bucket. To dispose it is to give that back, because it came to nothing; what was used is just let go.</summary>
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

/// <summary>A limit said no.</summary>
/// <param name="begins">Whether it is the first time since it had all of its budget.</param>
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

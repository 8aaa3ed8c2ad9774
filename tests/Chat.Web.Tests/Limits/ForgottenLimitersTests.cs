using System.Threading.RateLimiting;
using ErlChat.Web.Limits;

namespace ErlChat.Web.Tests.Limits;

/// <summary>A limiter that is used at the moment it is forgotten. Previously, the request got a 500.</summary>
public sealed class ForgottenLimitersTests
{
    [Fact]
    public async Task A_request_during_the_removal_of_a_partition_gets_a_new_one()
    {
        // The first limiter of each partition is one that the framework has just disposed.
        int made = 0;
        using PartitionedRateLimiter<int> limiter = PartitionedRateLimiter.Create<int, int>(
            key => RateLimitPartition.Get(key + made * 1000, _ => Make(made++ % 2 == 0)));
        using RateLimitLease now = limiter.AttemptAgain(1, 1);
        Assert.True(now.IsAcquired);
        made = 10;
        using RateLimitLease later = await limiter.AcquireAgainAsync(2, 1, CancellationToken.None);
        Assert.True(later.IsAcquired);
    }

    [Fact]
    public async Task Disposal_of_the_whole_limiter_is_reported()
    {
        PartitionedRateLimiter<int> limiter = PartitionedRateLimiter.Create<int, int>(
            key => RateLimitPartition.Get(key, _ => Make(isForgotten: true)));
        Assert.Throws<ObjectDisposedException>(() => limiter.AttemptAgain(1, 1));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => limiter.AcquireAgainAsync(1, 1, CancellationToken.None).AsTask());
        limiter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => limiter.AttemptAgain(1, 1));
    }

    private static ConcurrencyLimiter Make(bool isForgotten)
    {
        var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1 });
        if (isForgotten)
            limiter.Dispose();
        return limiter;
    }
}

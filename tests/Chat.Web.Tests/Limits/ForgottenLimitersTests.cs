using System.Threading.RateLimiting;
using ErlChat.Web.Limits;

namespace ErlChat.Web.Tests.Limits;

/// <summary>A limiter that is used at the moment it is forgotten: the request got a 500.</summary>
public sealed class ForgottenLimitersTests
{
    [Fact]
    public async Task Who_comes_when_a_partition_is_forgotten_has_the_next_one()
    {
        // Each partition's first limiter is one that the framework has just disposed.
        int made = 0;
        using PartitionedRateLimiter<int> limiter = PartitionedRateLimiter.Create<int, int>(key => RateLimitPartition.Get(key + made * 1000, _ => Make(made++ % 2 == 0)));
        using RateLimitLease now = limiter.AttemptAgain(1, 1);
        Assert.True(now.IsAcquired);
        made = 10;
        using RateLimitLease later = await limiter.AcquireAgainAsync(2, 1, CancellationToken.None);
        Assert.True(later.IsAcquired);
    }

    [Fact]
    public async Task The_end_of_the_whole_limiter_is_said()
    {
        PartitionedRateLimiter<int> limiter = PartitionedRateLimiter.Create<int, int>(key => RateLimitPartition.Get(key, _ => Make(isForgotten: true)));
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

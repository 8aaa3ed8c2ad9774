using System.Threading.RateLimiting;

namespace ErlChat.Web.Limits;

/// <summary>
/// Retries when a limiter of the framework throws because its idle partition is being removed at the same moment. The next try creates a
/// new partition.
/// </summary>
internal static class ForgottenLimiters
{
    /// <summary>How often to try. If this many tries in a row fail, it is no coincidence: the whole limiter has been disposed.</summary>
    private const int MostTries = 4;

    internal static RateLimitLease AttemptAgain<T>(this PartitionedRateLimiter<T> limiter, T resource, int permits)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return limiter.AttemptAcquire(resource, permits);
            }
            catch (ObjectDisposedException) when (tries < MostTries)
            {
                // The partition is removed before it is disposed, so the next try gets a new one.
            }
        }
    }

    internal static async ValueTask<RateLimitLease> AcquireAgainAsync<T>(
        this PartitionedRateLimiter<T> limiter,
        T resource,
        int permits,
        CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await limiter.AcquireAsync(resource, permits, cancellationToken);
            }
            catch (ObjectDisposedException) when (tries < MostTries)
            {
                // As above.
            }
        }
    }
}

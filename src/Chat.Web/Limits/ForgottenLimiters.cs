using System.Threading.RateLimiting;

namespace ErlChat.Web.Limits;

/// <summary>
/// The framework's own limiters throw when they are used at the moment their partition, which was idle, is forgotten. The next try finds a
/// new one.
/// </summary>
internal static class ForgottenLimiters
{
    /// <summary>
    /// Tries that find a limiter forgotten, one after the other: more is no coincidence, but the end of the whole limiter.
    /// </summary>
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
                // Its partition has been taken out before it was disposed.
            }
        }
    }

    internal static async ValueTask<RateLimitLease> AcquireAgainAsync<T>(this PartitionedRateLimiter<T> limiter, T resource, int permits, CancellationToken cancellationToken)
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

using System.Threading.RateLimiting;
using ErlChat.Sessions;
using ErlChat.Web.Limits;

namespace ErlChat.Web.Comet;

/// <summary>A session searches one thing at a time: what it asks for meanwhile waits, up to four searches; then it is refused. Thread-safe.</summary>
internal sealed class SearchTurns : IDisposable
{
    private static readonly ConcurrencyLimiterOptions s_one = new() { PermitLimit = 1, QueueLimit = 4, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private readonly PartitionedRateLimiter<SessionKey> _turns =
        PartitionedRateLimiter.Create<SessionKey, SessionKey>(static session => RateLimitPartition.GetConcurrencyLimiter(session, static _ => s_one));

    /// <summary>Waits for the session's turn. A lease that is not acquired says that too many wait.</summary>
    internal ValueTask<RateLimitLease> TakeAsync(SessionKey session, CancellationToken cancellationToken) => _turns.AcquireAgainAsync(session, 1, cancellationToken);

    public void Dispose() => _turns.Dispose();
}

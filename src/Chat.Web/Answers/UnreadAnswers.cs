using System.Threading.RateLimiting;
using ErlChat.Web.Limits;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Answers;

/// <summary>Who an answer is for.</summary>
/// <param name="Session">The default key for nobody's.</param>
/// <param name="Address">As <see cref="HostAddress"/> writes it.</param>
internal readonly record struct AnswerReader(SessionKey Session, string Address);

/// <summary>
/// Bounds the bytes of answers that wait for clients to take them: by session, by address and for the whole server. Asked before a long answer is made, and when a short one is
/// not taken at once; an answer that is taken at once costs nothing here.
/// </summary>
/// <remarks>Thread-safe. A lease is disposed when the answer was taken, or its connection ended.</remarks>
internal sealed class UnreadAnswers : IDisposable
{
    private readonly PartitionedRateLimiter<AnswerReader> _limiter;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private long _refused;

    public UnreadAnswers(IOptions<AnswerOptions> options, TimeProvider time)
    {
        AnswerOptions bounds = options.Value;
        (_patience, _time) = (bounds.SendTimeout, time);

        // How much may wait in turn: as many requests of a session as it can have answers four times over, far more of an address and all, since they wait for one another only briefly.
        ConcurrencyLimiterOptions session = BoundOf(bounds.MaxUnreadPerSession, 4);
        ConcurrencyLimiterOptions address = BoundOf(bounds.MaxUnreadPerAddress, 64);
        ConcurrencyLimiterOptions total = BoundOf(bounds.MaxUnreadTotal, 16);
        _limiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<AnswerReader, SessionKey>(reader => reader.Session == default
                ? RateLimitPartition.GetNoLimiter(reader.Session)
                : RateLimitPartition.GetConcurrencyLimiter(reader.Session, _ => session)),
            PartitionedRateLimiter.Create<AnswerReader, string>(reader => RateLimitPartition.GetConcurrencyLimiter(reader.Address, _ => address)),
            PartitionedRateLimiter.Create<AnswerReader, int>(_ => RateLimitPartition.GetConcurrencyLimiter(0, _ => total)));
    }

    /// <summary>Answers that were refused, or whose connections were ended, since the start.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>Takes so many bytes into account; null when that is over a bound.</summary>
    internal RateLimitLease? TryHold(in AnswerReader reader, int bytes)
    {
        RateLimitLease lease = _limiter.AttemptAgain(reader, bytes);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        Interlocked.Increment(ref _refused);
        return null;
    }

    /// <summary>The same, after others have had their turn if need be; null when that takes too long, there are too many, or the client has gone.</summary>
    internal ValueTask<RateLimitLease?> HoldAsync(AnswerReader reader, int bytes, CancellationToken gone)
    {
        RateLimitLease lease = _limiter.AttemptAgain(reader, bytes);
        if (lease.IsAcquired)
            return new ValueTask<RateLimitLease?>(lease);
        lease.Dispose();
        return QueueAsync(reader, bytes, gone);
    }

    public void Dispose() => _limiter.Dispose();

    private async ValueTask<RateLimitLease?> QueueAsync(AnswerReader reader, int bytes, CancellationToken gone)
    {
        using var patience = new CancellationTokenSource(_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, patience.Token);
        try
        {
            RateLimitLease lease = await _limiter.AcquireAgainAsync(reader, bytes, either.Token);
            if (lease.IsAcquired)
                return lease;
            lease.Dispose();
        }
        catch (OperationCanceledException)
        {
            // The time is over, or nobody waits any more.
        }

        Interlocked.Increment(ref _refused);
        return null;
    }

    private static ConcurrencyLimiterOptions BoundOf(int bytes, int waiting) => new()
    {
        PermitLimit = bytes,
        QueueLimit = (int)Math.Min((long)bytes * waiting, int.MaxValue),
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };
}

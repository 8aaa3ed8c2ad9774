using ErlChat.Limits;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Peer;

/// <summary>Bounds what peers make the server write to its log: a peer that sends one byte a write would otherwise make a line of each. Thread-safe.</summary>
internal sealed class PeerLines(IOptions<PeerOptions> options, TimeProvider time) : IDisposable
{
    private readonly BucketLimiter _lines = new(options.Value.LogLinesPerMinute, TimeSpan.FromMinutes(1), default, time);
    private long _leftOut;

    /// <summary>Whether one more line may be written. Says first how many were left out since the last.</summary>
    internal bool MayWrite(ILogger logger)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return true;
        if (!_lines.AttemptAcquire().IsAcquired)
        {
            Interlocked.Increment(ref _leftOut);
            return false;
        }

        if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var count)
            PeerLog.LeftOut(logger, count);
        return true;
    }

    public void Dispose() => _lines.Dispose();
}

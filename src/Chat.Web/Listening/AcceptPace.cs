using ErlChat.Limits;
using ErlChat.Logging;

namespace ErlChat.Web.Listening;

/// <summary>
/// Delays accepting while the process is almost out of file descriptors. A connection takes a descriptor before it can be refused, and the
/// process would end if none were left. Connections that are not accepted wait in the kernel until others have ended.
/// </summary>
/// <remarks>Thread-safe. While many descriptors are free, it rarely checks them.</remarks>
internal sealed partial class AcceptPace(TimeProvider time, ILogger<AcceptPace> logger) : IDisposable
{
    /// <summary>How many descriptors are kept for everything else.</summary>
    private const int KeptFree = 64;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private readonly Outage _waiting = new(time, logger, Log.AcceptsAgain, endsBySilence: true);

    /// <summary>How many connections may be accepted before the next check.</summary>
    private int _left;

    /// <summary>
    /// Waits until one more connection may be accepted. Uses the system's clock, so that a test server with a stopped clock still accepts
    /// connections.
    /// </summary>
    internal async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (Interlocked.Decrement(ref _left) < 0 && !MayAccept())
        {
            if (_waiting.Failed())
                Log.Waits(logger);
            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    public void Dispose() => _waiting.Dispose();

    private bool MayAccept()
    {
        // Only half of the free ones, because connections are not the only users of descriptors.
        int safe = Admission.FreeFiles is { } free ? (free - KeptFree) / 2 : int.MaxValue;
        Volatile.Write(ref _left, Math.Max(0, safe));
        return safe > 0;
    }

    private static partial class Log
    {
        [LoggerMessage(
            172,
            LogLevel.Warning,
            "The process has almost reached its limit of open files (ulimit -n, LimitNOFILE). New connections wait until others have "
                + "ended.",
            EventName = "AcceptWaits")]
        public static partial void Waits(ILogger logger);

        [LoggerMessage(
            173,
            LogLevel.Warning,
            "Connections are accepted without waiting again: the server checked for free files {Count} times within {Seconds:F1} s.",
            EventName = "AcceptWaitsOver")]
        public static partial void AcceptsAgain(ILogger logger, long count, double seconds);
    }
}

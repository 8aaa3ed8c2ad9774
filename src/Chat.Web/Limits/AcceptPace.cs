using ErlChat.Limits;
using ErlChat.Logging;

namespace ErlChat.Web.Limits;

/// <summary>
/// Accepts no connection that would take one of the last descriptors: it has one before anybody could refuse it, and without any left the
/// process ends. What is not accepted waits in the kernel until others have ended.
/// </summary>
/// <remarks>Thread-safe. Looks at the descriptors rarely while there are many.</remarks>
internal sealed partial class AcceptPace(TimeProvider time, ILogger<AcceptPace> logger) : IDisposable
{
    /// <summary>Descriptors that are left to everything else.</summary>
    private const int KeptFree = 64;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private readonly Outage _waiting = new(time, logger, Log.AcceptsAgain, endsBySilence: true);

    /// <summary>So many may be accepted before the next look.</summary>
    private int _left;

    /// <summary>Waits until one more may be accepted. By the system's clock: a server whose clock stands still accepts too.</summary>
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
        // Half of what is free: not only connections take it.
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

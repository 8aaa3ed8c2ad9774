using ErlChat.Delivery;
using ErlChat.Logging;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Heap;

/// <summary>
/// Returns memory to the operating system while the server is quiet. Logins and bursts leave a heap several times as large as the live
/// data. The garbage collector only runs on allocations, and thousands of parked polls allocate nothing, so the heap would stay large.
/// </summary>
/// <remarks>
/// A trim is three collections, each of which stops the server: 0.2 to 0.3 s each with 18 500 parked polls, on two cores. Together they
/// would delay a message by 0.8 s. So each one waits for a separate quiet moment, and for a time in proportion to the previous pause
/// (<see cref="WebOptions.TrimPausePercent"/>). At one percent, a trim does not show in the 99th percentile of a message's latency. A
/// concurrent collector pauses for less time but does not return the memory: 26 KB per poll were left instead of 9 KB.
/// </remarks>
internal sealed partial class HeapTrim(IOptions<WebOptions> options, PostOffice office, TimeProvider time, ILogger<HeapTrim> logger)
    : BackgroundService
{
    /// <summary>
    /// The server is quiet if fewer bytes than this were allocated since the last check. A few hundred requests allocate as much.
    /// </summary>
    private const long QuietBytes = 1 << 20;

    /// <summary>
    /// The server is quiet only if at most this many messages were delivered since the last check. Deliveries to parked polls allocate
    /// almost nothing, so they are counted separately.
    /// </summary>
    private const long FewDeliveries = 100;

    /// <summary>
    /// The heap must have grown by at least this many bytes since the last trim. The collector may use that much anyway before it runs.
    /// </summary>
    private const long MinGrowth = 16 << 20;

    /// <summary>The heap must also have grown by at least this share of what the last trim left.</summary>
    private const double MinGrowthShare = 0.25;

    /// <summary>The time between two checks.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly double _pauseShare = options.Value.TrimPausePercent / 100.0;

    private long _allocated;
    private long _sent;
    private long _committed;
    private TrimStep _next = TrimStep.Young;
    private long _pausedAt;
    private TimeSpan _pause;
    private TimeSpan _pauses;

    /// <summary>Whether the last pause is too recent for another one.</summary>
    internal bool IsResting => time.GetElapsedTime(_pausedAt) * _pauseShare < _pause;

    /// <summary>Checks once, and takes the next step of a trim if the server is quiet and a trim is worthwhile.</summary>
    /// <returns>Whether this completed a trim.</returns>
    internal bool Look()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        long sent = office.Sent;
        bool quiet = allocated - _allocated < QuietBytes && sent - _sent <= FewDeliveries;
        (_allocated, _sent) = (allocated, sent);
        if (!quiet || IsResting)
            return false;
        return (_next != TrimStep.Young || IsWorthwhile(allocated)) && Take(_next);
    }

    private bool IsWorthwhile(long allocated)
    {
        long grown = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes - _committed;
        return allocated >= MinGrowth && grown >= Math.Max(MinGrowth, _committed * MinGrowthShare);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.TrimHeap)
            return;
        using var failing = new Outage(time, logger, LooksWork);
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Look();
                failing.Succeeded();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (failing.Failed())
                    LookFailed(logger, e);
            }
        }
    }

    /// <summary>Takes one step. Returns true after the last one.</summary>
    private bool Take(TrimStep step)
    {
        TimeSpan paused = GC.GetTotalPauseDuration();
        switch (step)
        {
            case TrimStep.Young:
                _pauses = TimeSpan.Zero;
                GC.Collect(1, GCCollectionMode.Forced, blocking: true);
                _next = TrimStep.All;
                break;
            case TrimStep.All:
                // Closed connections have finalizers, which keep everything that belongs to them alive until they have run.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
                GC.WaitForPendingFinalizers();
                _next = TrimStep.Compact;
                break;
            default:
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                _next = TrimStep.Young;
                break;
        }

        _pause = GC.GetTotalPauseDuration() - paused;
        _pauses += _pause;
        _pausedAt = time.GetTimestamp();
        _allocated = GC.GetTotalAllocatedBytes();
        if (step != TrimStep.Compact)
            return false;
        _committed = GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes;
        Trimmed(logger, _committed >> 20, _pauses.TotalMilliseconds, _pause.TotalMilliseconds);
        return true;
    }

    [LoggerMessage(701, LogLevel.Error, "The heap check failed; it will be repeated in a second. Further failures are counted.",
        EventName = "HeapLookFailed")]
    private static partial void LookFailed(ILogger logger, Exception exception);

    [LoggerMessage(702, LogLevel.Warning, "Heap checks work again after {Count} failures in {Seconds:F1} s.",
        EventName = "HeapLookFailedOver")]
    private static partial void LooksWork(ILogger logger, long count, double seconds);

    [LoggerMessage(
        700,
        LogLevel.Debug,
        "Trimmed the heap to {Megabytes} MB; paused for {Milliseconds:F0} ms in all, {LastMilliseconds:F0} ms of them now",
        EventName = "HeapTrimmed")]
    private static partial void Trimmed(ILogger logger, long megabytes, double milliseconds, double lastMilliseconds);

    /// <summary>The collections of a trim, in order.</summary>
    private enum TrimStep
    {
        /// <summary>The two youngest generations, which hold what the last burst allocated.</summary>
        Young,

        /// <summary>All generations. Runs finalizers afterwards.</summary>
        All,

        /// <summary>All generations, compacted. The freed memory is returned to the operating system.</summary>
        Compact,
    }
}

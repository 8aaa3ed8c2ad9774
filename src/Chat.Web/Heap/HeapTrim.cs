using ErlChat.Delivery;
using ErlChat.Logging;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Heap;

/// <summary>
/// Returns memory to the system in quiet moments. Logins and bursts leave a heap several times the size of its live objects, and the garbage
/// collector, which runs only when something is allocated, keeps it while thousands of parked polls allocate nothing.
/// </summary>
/// <remarks>
/// A trim is three collections, each of which stops the server: 0.2 to 0.3 s each with 18 500 parked polls, on two cores. In one go they would
/// delay a message by 0.8 s. So each one waits for a quiet moment of its own, and rests in proportion to the pause before it
/// (<see cref="WebOptions.TrimPausePercent"/>). At one percent, the 99th percentile of a message's latency does not notice a trim. A concurrent
/// collector pauses less, but does not return the memory: 26 KB a poll were left instead of 9 KB.
/// </remarks>
internal sealed partial class HeapTrim(IOptions<WebOptions> options, PostOffice office, TimeProvider time, ILogger<HeapTrim> logger) : BackgroundService
{
    /// <summary>The most bytes allocated since the last look for the server to count as quiet: some hundred calls.</summary>
    private const long Quiet = 1 << 20;

    /// <summary>The most deliveries since the last look for the server to count as quiet. Deliveries to parked polls allocate next to nothing.</summary>
    private const long FewDeliveries = 100;

    /// <summary>The least number of bytes worth a trim: the collector may use as many before it runs.</summary>
    private const long Worth = 16 << 20;

    /// <summary>The least growth worth a trim, as a share of what was left after the last one.</summary>
    private const double WorthShare = 0.25;

    /// <summary>Time between two looks.</summary>
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

    /// <summary>Looks once, and takes the next step of a trim if the moment is quiet and a trim is worth it.</summary>
    /// <returns>Whether this completed a trim.</returns>
    internal bool Look()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        long sent = office.Sent;
        bool quiet = allocated - _allocated < Quiet && sent - _sent <= FewDeliveries;
        (_allocated, _sent) = (allocated, sent);
        if (!quiet || IsResting)
            return false;
        return (_next != TrimStep.Young || IsWorthIt(allocated)) && Take(_next);
    }

    private bool IsWorthIt(long allocated)
    {
        long grown = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes - _committed;
        return allocated >= Worth && grown >= Math.Max(Worth, _committed * WorthShare);
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

    /// <summary>Takes one step; true after the last one.</summary>
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

    [LoggerMessage(700, LogLevel.Debug, "Trimmed the heap to {Megabytes} MB; paused for {Milliseconds:F0} ms in all, {LastMilliseconds:F0} ms of them now",
        EventName = "HeapTrimmed")]
    private static partial void Trimmed(ILogger logger, long megabytes, double milliseconds, double lastMilliseconds);

    /// <summary>The collections of a trim, in their order.</summary>
    private enum TrimStep
    {
        /// <summary>The two youngest generations: what the last burst allocated.</summary>
        Young,

        /// <summary>All generations, and what has finalizers.</summary>
        All,

        /// <summary>All generations, moved together; the rest goes back to the system.</summary>
        Compact,
    }
}

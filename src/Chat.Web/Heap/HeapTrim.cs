using ErlChat.Delivery;
using ErlChat.Logging;
using ErlChat.Web.Site;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Heap;

/// <summary>
/// Returns memory to the operating system while the server is quiet. Logins and bursts leave a heap several times as large as the live
/// data. The garbage collector only runs on allocations, and thousands of parked polls allocate nothing, so the heap would stay large.
/// Trims only while there is little traffic, and for at most a twentieth of the time.
/// </summary>
internal sealed partial class HeapTrim(IOptions<WebOptions> options, PostOffice office, TimeProvider time, ILogger<HeapTrim> logger)
    : BackgroundService
{
    /// <summary>
    /// The server is quiet if fewer bytes than this were allocated since the last check. A few hundred requests allocate as much.
    /// </summary>
    private const long QuietBytes = 1 << 20;

    /// <summary>
    /// The server is quiet only if at most this many messages were delivered since the last check. Polls are served almost without
    /// allocations, so they have to be counted separately.
    /// </summary>
    private const long FewDeliveries = 100;

    /// <summary>
    /// The heap must have grown by at least this many bytes since the last trim. The collector may use that much anyway before it runs.
    /// </summary>
    private const long MinGrowth = 16 << 20;

    /// <summary>The heap must also have grown by at least this share of what the last trim left.</summary>
    private const double MinGrowthShare = 0.25;

    /// <summary>The pause of the last trim may be at most this share of the time since then.</summary>
    private const double PauseShare = 0.05;

    /// <summary>The time between two checks.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private long _allocated;
    private long _sent;
    private long _committed;
    private long _trimmedAt;
    private TimeSpan _pause;

    /// <summary>Checks once, and trims if the server is quiet and it is worthwhile. Returns whether it trimmed.</summary>
    internal bool Look()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        long sent = office.Sent;
        bool quiet = allocated - _allocated < QuietBytes && sent - _sent <= FewDeliveries;
        (_allocated, _sent) = (allocated, sent);
        long grown = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes - _committed;
        if (!quiet || allocated < MinGrowth || grown < Math.Max(MinGrowth, _committed * MinGrowthShare)
            || time.GetElapsedTime(_trimmedAt) * PauseShare < _pause)
        {
            return false;
        }

        Trim();
        return true;
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

    private void Trim()
    {
        TimeSpan paused = GC.GetTotalPauseDuration();

        // Two collections: closed connections have finalizers, which keep everything that belongs to them alive until they have run.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _pause = GC.GetTotalPauseDuration() - paused;
        _trimmedAt = time.GetTimestamp();
        _committed = GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes;
        _allocated = GC.GetTotalAllocatedBytes();
        Trimmed(logger, _committed >> 20, _pause.TotalMilliseconds);
    }

    [LoggerMessage(701, LogLevel.Error, "The heap check failed; it will be repeated in a second. Further failures are counted.",
        EventName = "HeapLookFailed")]
    private static partial void LookFailed(ILogger logger, Exception exception);

    [LoggerMessage(702, LogLevel.Warning, "Heap checks work again after {Count} failures in {Seconds:F1} s.",
        EventName = "HeapLookFailedOver")]
    private static partial void LooksWork(ILogger logger, long count, double seconds);

    [LoggerMessage(700, LogLevel.Debug, "Trimmed the heap to {Megabytes} MB; paused for {Milliseconds:F0} ms", EventName = "HeapTrimmed")]
    private static partial void Trimmed(ILogger logger, long megabytes, double milliseconds);
}

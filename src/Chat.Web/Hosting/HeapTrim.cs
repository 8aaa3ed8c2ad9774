using ErlChat.Delivery;
using ErlChat.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Gives memory back when it is quiet. Logins and bursts leave a heap several times as large as what lives in it, and the collector, which runs when something
/// is allocated, keeps it while thousands of parked polls allocate nothing. Only while there is little traffic, and at most a twentieth of the time.
/// </summary>
internal sealed partial class HeapTrim(IOptions<WebOptions> options, PostOffice office, TimeProvider time, ILogger<HeapTrim> logger) : BackgroundService
{
    /// <summary>It is quiet when less than this was allocated since the last look, in bytes: some hundred calls.</summary>
    private const long Quiet = 1 << 20;

    /// <summary>And no more deliveries than this were made, each of which somebody may be waiting for: polls are served without allocating anything worth mentioning.</summary>
    private const long FewDeliveries = 100;

    /// <summary>Not worth it for less, in bytes: what the collector may fill anyhow before it runs.</summary>
    private const long Worth = 16 << 20;

    /// <summary>Nor for less than this share of what was left the last time.</summary>
    private const double WorthShare = 0.25;

    /// <summary>The most that a trim's pause may be of the time since the last one.</summary>
    private const double PauseShare = 0.05;

    /// <summary>Time between two looks.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private long _allocated;
    private long _sent;
    private long _committed;
    private long _trimmedAt;
    private TimeSpan _pause;

    /// <summary>Looks once, and trims when it is quiet and pays; says whether it did.</summary>
    internal bool Look()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        long sent = office.Sent;
        bool quiet = allocated - _allocated < Quiet && sent - _sent <= FewDeliveries;
        (_allocated, _sent) = (allocated, sent);
        long grown = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes - _committed;
        if (!quiet || allocated < Worth || grown < Math.Max(Worth, _committed * WorthShare) || time.GetElapsedTime(_trimmedAt) * PauseShare < _pause)
            return false;

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

        // Twice: closed connections have finalizers, which hold on to all that belongs to them until they have run.
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

using Microsoft.Extensions.Options;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Gives memory back when it is quiet. Logins and bursts leave a heap several times as large as what lives in it, and the collector, which runs when something
/// is allocated, keeps it while thousands of parked polls allocate nothing. Never while there is traffic, and never more than one percent of the time.
/// </summary>
internal sealed partial class HeapTrim(IOptions<WebOptions> options, TimeProvider time, ILogger<HeapTrim> logger) : BackgroundService
{
    /// <summary>It is quiet when less than this was allocated since the last look, in bytes: some hundred calls.</summary>
    private const long Quiet = 1 << 20;

    /// <summary>Not worth it for less, in bytes: what the collector may fill anyhow before it runs.</summary>
    private const long Worth = 16 << 20;

    /// <summary>Time between two looks.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>The pause of a trim may be this share of the time since the last one.</summary>
    private const double Share = 0.01;

    private long _allocated;
    private long _committed;
    private long _trimmedAt;
    private TimeSpan _pause;

    /// <summary>Looks once; trims when it is quiet and pays.</summary>
    internal bool Look()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        bool quiet = allocated - _allocated < Quiet;
        _allocated = allocated;
        if (!quiet
            || allocated < Worth
            || GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes - _committed < Worth
            || time.GetElapsedTime(_trimmedAt) * Share < _pause)
        {
            return false;
        }

        long started = time.GetTimestamp();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _trimmedAt = time.GetTimestamp();
        _pause = time.GetElapsedTime(started, _trimmedAt);
        _committed = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
        _allocated = GC.GetTotalAllocatedBytes();
        Trimmed(logger, _committed >> 20, _pause.TotalMilliseconds);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.TrimHeap)
            return;
        _trimmedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    [LoggerMessage(700, LogLevel.Debug, "Trimmed the heap to {Megabytes} MB in {Milliseconds:F0} ms", EventName = "HeapTrimmed")]
    private static partial void Trimmed(ILogger logger, long megabytes, double milliseconds);
}

using ErlChat.Delivery;
using ErlChat.Logging;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Eviction;

/// <summary>Every <see cref="ChatOptions.CheckIdle"/>, ends the sessions that nobody reads or uses, and forgets the tombstones of ended ones.</summary>
public sealed partial class IdleEviction(ChatRoom room, PostOffice office, IOptions<ChatOptions> options, TimeProvider time, ILogger<IdleEviction> logger)
    : BackgroundService
{
    private long _evicted;

    /// <summary>Sessions ended for idleness since the start.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var failing = new Outage(time, logger, Log.SweepsWork);
        using var timer = new SweepTimer(options.Value.CheckIdle, time);
        while (true)
        {
            await timer.WaitAsync(stoppingToken);
            try
            {
                await SweepAsync(timer);
                failing.Succeeded();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (failing.Failed())
                    Log.SweepFailed(logger, e);
            }
        }
    }

    private async Task SweepAsync(SweepTimer timer)
    {
        // Judged by the time of the tick: the process may also stand still between two lines here.
        long asOf = timer.Last;
        TimeSpan slept = timer.TakeSlept();
        if (slept > TimeSpan.Zero)
        {
            office.Forgive(slept);
            Log.Slept(logger, slept.TotalSeconds);
        }

        office.ForgetClosed();
        if (office.IsStopping)
            return;

        // All at once: the log takes them together, and after an outage thousands would otherwise wait for each other's sync.
        Task<Outcome>[] ends = [.. office.EvictIdle(asOf).Select(room.EvictAsync)];
        foreach (Task<Outcome> end in ends)
        {
            if (await end is Accepted)
                Interlocked.Increment(ref _evicted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            110,
            LogLevel.Error,
            "The check for idle sessions failed; it will be repeated as usual. Further failures are counted.",
            EventName = "SweepFailed")]
        public static partial void SweepFailed(ILogger logger, Exception exception);

        [LoggerMessage(
            112,
            LogLevel.Warning,
            "The process did not run for {Seconds:F1} s (stopped, suspended or without processor time). This does not count as idle time.",
            EventName = "ProcessStoodStill")]
        public static partial void Slept(ILogger logger, double seconds);

        [LoggerMessage(111, LogLevel.Warning, "The check for idle sessions works again: it failed {Count} times within {Seconds:F1} s.",
            EventName = "SweepFailedOver")]
        public static partial void SweepsWork(ILogger logger, long count, double seconds);
    }
}

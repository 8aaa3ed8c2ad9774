using ErlChat.Delivery;
using ErlChat.Logging;
using ErlChat.Mailboxes;
using ErlChat.Nodes;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Eviction;

/// <summary>
/// Every <see cref="ChatOptions.CheckIdle"/>, ends the sessions that nobody reads or uses, or takes their users offline, and removes the
/// mailboxes that were closed a while ago.
/// </summary>
/// <remarks>
/// In a chat of several nodes, each node ends the sessions that it serves, and takes over those that it serves although another node is
/// responsible for them. One elected node ends the sessions that dead nodes have left behind.
/// </remarks>
public sealed partial class IdleEviction(
    ChatRoom room,
    PostOffice office,
    IOptions<ChatOptions> options,
    TimeProvider time,
    ILogger<IdleEviction> logger,
    INodes? nodes = null)
    : BackgroundService
{
    private readonly HomeSweep _homes = new(options.Value, nodes ?? SingleNode.Instance, time);
    private long _evicted;
    private long _taken;
    private long _sweeps;

    /// <summary>How many sessions have been ended, or taken offline, for being idle since the start.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>How many checks have been made since the start, including failed ones.</summary>
    internal long Sweeps => Interlocked.Read(ref _sweeps);

    /// <summary>How often the checks are made.</summary>
    internal TimeSpan Period => _homes.Period;

    /// <summary>How many sessions this node has taken over from others since the start.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var failing = new Outage(time, logger, Log.SweepsWork);
        using var timer = new SweepTimer(_homes.Period, time);
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

            Interlocked.Increment(ref _sweeps);
        }
    }

    private async Task SweepAsync(SweepTimer timer)
    {
        // Judge idleness at the time of the tick, because the process may also be suspended between two lines here.
        long asOf = timer.Last;
        TimeSpan slept = timer.TakeSuspendedTime();
        if (slept > TimeSpan.Zero)
        {
            office.ExcludeSuspension(slept);
            Log.Slept(logger, slept.TotalSeconds);
        }

        office.ForgetClosed();
        if (office.IsStopping)
            return;

        List<JudgedSession> judged = office.HasSeveralNodes
            ? office.JudgeHomes(_homes.Begin(asOf, room.IsLogAvailable), _homes.DeadFor)
            : [.. office.EvictIdle(asOf).Select(session => new JudgedSession(session, 0, HomeVerdict.End))];

        // All at once, so that the log can write them together: after an outage thousands would otherwise wait for each other's sync.
        (bool Ends, Task<Outcome> Done)[] acts = [.. judged.Select(one => (one.Verdict == HomeVerdict.End, ExecuteAsync(one)))];
        foreach ((bool ends, Task<Outcome> done) in acts)
        {
            switch (await done)
            {
                case Accepted:
                    Interlocked.Increment(ref ends ? ref _evicted : ref _taken);
                    break;
                case Refused { Why: Refusal.Unavailable }:
                    _homes.LogRefused();
                    break;
            }
        }
    }

    private Task<Outcome> ExecuteAsync(JudgedSession one) =>
        one.Verdict == HomeVerdict.Take ? room.ServeAsync(one.Session, nodes!.Self!, one.Since)
        : room.EvictAsync(one.Session, office.HasSeveralNodes ? one.Since : null);

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

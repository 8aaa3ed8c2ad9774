using ErlChat.Logging;
using ErlChat.Nodes;
using ErlChat.Rooms;
using ErlChat.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErlChat.Forgetting;

/// <summary>
/// Every <see cref="ChatOptions.CheckPrivacy"/>, has addresses forgotten that are older than <see cref="ChatOptions.KeepAddresses"/>, and
/// has the database rewritten for that, for persons who were erased, and for messages that were deleted. One of several nodes does it.
/// </summary>
/// <param name="stored">The database; null for a log in memory.</param>
public sealed partial class PrivacySweep(
    ChatRoom room,
    IOptions<ChatOptions> options,
    TimeProvider time,
    ILogger<PrivacySweep> logger,
    IStoredPrivacy? stored = null,
    INodes? nodes = null)
    : BackgroundService
{
    /// <summary>
    /// The part of the time by which addresses may be kept longer. Without it, a busy chat would write an entry with every check.
    /// </summary>
    private const double Slack = 1 / 30.0;

    /// <summary>Does what is due now. One call at a time.</summary>
    /// <exception cref="IOException">The database cannot be read or written now.</exception>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        // The node that saves the snapshots, because the database waits for them.
        if (!room.IsReady || nodes?.Leads(ElectedWork.Snapshots) == false)
            return;
        TimeSpan keep = options.Value.KeepAddresses;
        DateTimeOffset before = time.GetUtcNow() - keep;
        DateTimeOffset due = before - keep * Slack;
        PrivacyStep step = stored is null ? PrivacyStep.Idle : await stored.StepAsync(room.Erasures.WasErased, cancellationToken);
        bool forgets = step switch
        {
            PrivacyStep.NeedsSnapshot => true,
            PrivacyStep.Working => false,
            _ => room.Erasures.HasAddressesBefore(due)
                || (stored is not null && await stored.HasAddressesAsync(due, cancellationToken)),
        };
        if (forgets)
            await room.Erasures.ForgetAddressesAsync(before);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var failing = new Outage(time, logger, Log.SweepsWork);
        using var timer = new PeriodicTimer(options.Value.CheckPrivacy, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
                failing.Succeeded();
            }
            catch (Exception e) when (e is not OutOfMemoryException
                && !(e is OperationCanceledException && stoppingToken.IsCancellationRequested))
            {
                if (failing.Failed())
                    Log.SweepFailed(logger, e.Message.TrimEnd('.'), e is IOException ? null : e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(115, LogLevel.Warning,
            "Erased persons, deleted messages and old addresses may still be in the database: {Problem}. The server retries; further "
                + "failures are counted.",
            EventName = "PrivacySweepFailed")]
        public static partial void SweepFailed(ILogger logger, string problem, Exception? exception);

        [LoggerMessage(116, LogLevel.Warning,
            "Erased persons, deleted messages and old addresses can be removed from the database again: this failed {Count} times within "
                + "{Seconds:F1} s.",
            EventName = "PrivacySweepWorks")]
        public static partial void SweepsWork(ILogger logger, long count, double seconds);
    }
}

using ErlChat.Logging;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.History;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErlChat.Postgres.Upkeep;

/// <summary>Has the history written: by this node while it leads that work, otherwise by the one that does.</summary>
internal sealed partial class HistoryWriter(
    PostgresHistory history, HistoryRepair repair, PostgresLogOptions options, TimeProvider time, ILogger<HistoryWriter> logger)
    : BackgroundService
{
    /// <summary>How long rows wait for more, so that a statement writes several.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    /// <summary>How often an idle leader looks whether a fail-over took rows away.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var failing = new Outage(time, logger, Log.WritesAgain);
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan pause = s_patience;
            try
            {
                int before = history.Pending;
                if (await history.StepAsync(stoppingToken) is { } gap)
                    await repair.RunAsync(gap, stoppingToken);
                else if (history.Pending is > 0 and int left && left < before)
                    pause = TimeSpan.Zero;
                history.SetFailing(false);
                failing.Succeeded();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it is, the rows wait. An end of this loop would be the server's.
                if (stoppingToken.IsCancellationRequested)
                    return;
                if (failing.Failed())
                    Log.WriteFailed(logger, e.Message.TrimEnd('.'));
                history.SetFailing(true);
                pause = options.RetryAfter;
            }

            await PauseAsync(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (history.Pending == 0)
            await history.ChangedAsync().WaitAsync(s_idle, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, time, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            653,
            LogLevel.Warning,
            "Messages are waiting in memory to be written to the history: {Problem}. Further failures are counted.",
            EventName = "HistoryWaits")]
        public static partial void WriteFailed(ILogger logger, string problem);

        [LoggerMessage(654, LogLevel.Information, "The history can be written again: this failed {Count} times within {Seconds:F1} s.",
            EventName = "HistoryGoesOn")]
        public static partial void WritesAgain(ILogger logger, long count, double seconds);
    }
}

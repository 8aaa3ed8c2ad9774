using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Nodes;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Nodes;
using ErlChat.Postgres.Snapshots;
using ErlChat.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErlChat.Postgres.Upkeep;

/// <summary>
/// Removes messages and entries that are older, or more numerous, than the options allow, on the node that leads
/// <see cref="ElectedWork.Retention"/>. Messages are removed exactly. Entries are removed only if neither a start nor a live node can need
/// them: up to the oldest kept snapshot, once that is older than the mail that mailboxes are restored from, and up to what every live node
/// has applied. Doing it twice, or late, does no harm.
/// </summary>
internal sealed partial class PostgresRetention(
    Primary primary,
    PostgresSnapshots snapshots,
    PostgresLogOptions options,
    ILeases leases,
    TimeProvider time,
    ILogger<PostgresRetention> logger) : BackgroundService
{
    private readonly RetentionClock? _clock = options.KeepFor is { } keepFor ? new RetentionClock(keepFor, time, logger) : null;
    private long _newestFound;

    /// <summary>Removes everything that is due, if this node leads that work.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (leases.TermOf(ElectedWork.Retention) is not { } term)
            return;
        LogBounds bounds = await primary.UseAsync(LogBounds.ReadAsync, cancellationToken);
        if (_newestFound == 0)
            _newestFound = bounds.Newest;
        long cut = options.KeepEntries is { } keep ? Math.Max(bounds.Newest - keep, 0) : 0;
        long age = await AgeAsync(cancellationToken);
        long messages = await RepeatAsync(connection => RetentionSql.RemoveMessagesAsync(connection, cut, age, term), cancellationToken);

        // A snapshot that is younger than the mail to restore is useless to a start, so every entry is needed until one is older.
        long mail = bounds.MailAfter(options.RestoreMail);
        long oldest = (await primary.UseAsync(SnapshotRows.ListAsync, cancellationToken)).FirstOrDefault();
        long bound = oldest <= mail ? oldest : 0;
        long entries = await RepeatAsync(
            connection => RetentionSql.RemoveEntriesAsync(connection, cut, age, bound, term), cancellationToken);

        // While the only snapshots are too young, waiting is all that is needed.
        if (oldest <= mail
            && await primary.UseAsync(connection => RetentionSql.HasDueAsync(connection, cut, age, bound, mail), cancellationToken))
            snapshots.RequestSnapshot();
        if (messages + entries > 0)
            Log.Removed(logger, entries, messages);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options is { KeepFor: null, KeepEntries: null })
            return;
        using var failing = new Outage(time, logger, Log.SweepsWork);
        using var timer = new PeriodicTimer(options.CheckRetention, time);
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
                    Log.SweepFailed(logger, e.Message.TrimEnd('.'), e is NpgsqlException or IOException ? null : e);
            }
        }
    }

    /// <summary>What was written before this is too old.</summary>
    private async Task<long> AgeAsync(CancellationToken cancellationToken)
    {
        if (_clock is null)
            return long.MinValue;
        long newest = await primary.UseAsync(connection => RetentionSql.TimeOfAsync(connection, _newestFound), cancellationToken);
        return UnixTime.Of(_clock.Now(newest == 0 ? null : UnixTime.At(newest)) - options.KeepFor!.Value);
    }

    private async Task<long> RepeatAsync(Func<NpgsqlConnection, Task<long>> remove, CancellationToken cancellationToken)
    {
        long removed = 0;
        long some;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            some = await primary.UseAsync(remove, cancellationToken);
            removed += some;
        }
        while (some > 0 && leases.TermOf(ElectedWork.Retention) is not null);
        return removed;
    }

    private static partial class Log
    {
        [LoggerMessage(670, LogLevel.Information, "Retention removed {Entries} entries and {Messages} messages.",
            EventName = "RetentionRemoved")]
        public static partial void Removed(ILogger logger, long entries, long messages);

        [LoggerMessage(671, LogLevel.Warning, "Retention is waiting for the database: {Problem}. Further failures are counted.",
            EventName = "RetentionWaits")]
        public static partial void SweepFailed(ILogger logger, string problem, Exception? exception);

        [LoggerMessage(672, LogLevel.Warning, "Retention works again: it failed {Count} times within {Seconds:F1} s.",
            EventName = "RetentionGoesOn")]
        public static partial void SweepsWork(ILogger logger, long count, double seconds);
    }
}

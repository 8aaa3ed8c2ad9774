using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Snapshots;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Upkeep;

/// <summary>
/// Removes messages and entries beyond the age or number in the options. Messages are removed exactly. Entries are removed only as far as
/// no start can need them: up to the oldest kept snapshot, once that is older than the mail that mailboxes are rebuilt from. It works in
/// batches, and appends run between them.
/// </summary>
internal sealed partial class LogRetention(
    ChatDatabase database, SqliteHistory history, SqliteSnapshots snapshots, TimeProvider time, ILogger<LogRetention> logger)
    : BackgroundService
{
    /// <summary>The number of rows in one transaction: about 5 ms.</summary>
    private const int Batch = 250;

    // The query takes the oldest rows first and applies the condition to them, so that the cost depends on the batch and not on the size of
    // the table. If the clock was set back, times may not rise everywhere; the remaining rows then go with a later batch.
    private const string OldMessages = """
        SELECT sequence FROM (SELECT sequence, at FROM message ORDER BY sequence LIMIT $batch) WHERE sequence <= $cut OR at < $age
        """;

    private const string OldEntries = """
        SELECT sequence FROM (SELECT sequence, at FROM entry WHERE sequence <= $bound ORDER BY sequence LIMIT $batch)
        WHERE sequence <= $cut OR at < $age
        """;

    private readonly RetentionClock? _clock = database.Options.KeepFor is { } keepFor ? new RetentionClock(keepFor, time, logger) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Options is { KeepFor: null, KeepEntries: null })
            return;
        using var failing = new Outage(time, logger, Log.SweepsWork);
        using var timer = new PeriodicTimer(database.Options.CheckRetention, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (database.IsOpen)
                    await SweepAsync(stoppingToken);
                failing.Succeeded();
            }
            catch (Exception e) when (e is not OutOfMemoryException
                && !(e is OperationCanceledException && stoppingToken.IsCancellationRequested))
            {
                // Any exception, not only a disk failure: if this loop ended, the server would stop.
                if (failing.Failed())
                    Log.SweepFailed(logger, e.Message, e is SqliteException or LogUnavailableException ? null : e);
            }
        }
    }

    /// <summary>Removes everything that is due now.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? newest = await database.Readers.UseAsync(NewestFound, cancellationToken);
        long age = _clock is not null ? UnixTime.Of(_clock.Now(newest) - database.Options.KeepFor!.Value) : long.MinValue;
        (long cut, long bound, bool held) = await database.Readers.UseAsync(connection => Look(connection, age), cancellationToken);
        long messages = await history.WithoutDamageAsync(
            () => RepeatAsync(connection => RemoveMessages(connection, cut, age), cancellationToken));
        long entries = await RepeatAsync(connection => RemoveEntries(connection, cut, age, bound), cancellationToken);
        if (held)
            snapshots.RequestSnapshot();
        if (messages + entries > 0)
            Log.Removed(logger, entries, messages);
    }

    private async Task<long> RepeatAsync(Func<SqliteConnection, int> remove, CancellationToken cancellationToken)
    {
        long removed = 0;
        int some;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            some = await database.Writer.RunAsync(remove);
            removed += some;
        }
        while (some > 0);
        return removed;
    }

    /// <summary>The time of the newest entry that existed before this process started.</summary>
    private DateTimeOffset? NewestFound(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT at FROM entry WHERE sequence <= $newest ORDER BY sequence DESC LIMIT 1",
            ("$newest", database.Newest)) is not 0 and var at
            ? UnixTime.At(at)
            : null;

    /// <summary>
    /// The sequence up to which the count removes, the sequence up to which entries may be removed, and whether only the age of the
    /// snapshots prevents removing more.
    /// </summary>
    private (long Cut, long Bound, bool Held) Look(SqliteConnection connection, long age)
    {
        long cut = database.Options.KeepEntries is { } keep
            ? connection.Scalar<long>("SELECT sequence FROM entry ORDER BY sequence DESC LIMIT 1 OFFSET $keep", ("$keep", keep))
            : 0;
        long mail = SqliteSnapshots.MailAfter(connection, database.Options.RestoreMail);

        // A start that restores all mail cannot use a snapshot newer than that mail. Until one is older, every entry is needed.
        long oldest = connection.Scalar<long>("SELECT min(sequence) FROM snapshot");
        long bound = oldest <= mail ? oldest : 0;
        bool held = connection.Scalar<long>(
            "SELECT count(*) FROM (SELECT sequence, at FROM entry WHERE sequence > $bound ORDER BY sequence LIMIT 1) "
            + "WHERE sequence <= $mail AND (sequence <= $cut OR at < $age)",
            ("$bound", bound),
            ("$mail", mail),
            ("$cut", cut),
            ("$age", age)) > 0;

        // If all snapshots are too new, it is enough to wait.
        return (cut, bound, held && oldest <= mail);
    }

    private static int RemoveMessages(SqliteConnection connection, long cut, long age)
    {
        string[] parts =
        [
            "participant WHERE sequence", "message_change WHERE message", "earlier_text WHERE message", "reaction WHERE message",
            "message_reacted WHERE message",
        ];
        foreach (string rows in parts)
            connection.Execute($"DELETE FROM {rows} IN ({OldMessages})", ("$batch", Batch), ("$cut", cut), ("$age", age));
        return connection.Execute(
            $"DELETE FROM message WHERE sequence IN ({OldMessages})", ("$batch", Batch), ("$cut", cut), ("$age", age));
    }

    private static int RemoveEntries(SqliteConnection connection, long cut, long age, long bound)
    {
        connection.Execute(
            $"INSERT OR REPLACE INTO meta (key, value) SELECT 'removed_through', max(sequence) FROM ({OldEntries}) "
            + "HAVING max(sequence) IS NOT NULL",
            ("$batch", Batch),
            ("$cut", cut),
            ("$age", age),
            ("$bound", bound));
        return connection.Execute(
            $"DELETE FROM entry WHERE sequence IN ({OldEntries})", ("$batch", Batch), ("$cut", cut), ("$age", age), ("$bound", bound));
    }

    private static partial class Log
    {
        [LoggerMessage(240, LogLevel.Information, "Retention removed {Entries} entries and {Messages} messages.",
            EventName = "RetentionRemoved")]
        public static partial void Removed(ILogger logger, long entries, long messages);

        [LoggerMessage(241, LogLevel.Warning, "Retention is waiting for the log: {Problem} Further failures are counted.",
            EventName = "RetentionWaits")]
        public static partial void SweepFailed(ILogger logger, string problem, Exception? exception);

        [LoggerMessage(242, LogLevel.Warning, "Retention works again: it failed {Count} times within {Seconds:F1} s.",
            EventName = "RetentionGoesOn")]
        public static partial void SweepsWork(ILogger logger, long count, double seconds);
    }
}

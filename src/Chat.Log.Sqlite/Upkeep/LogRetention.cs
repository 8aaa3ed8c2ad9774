using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Snapshots;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Upkeep;

/// <summary>
/// Removes what is older, or more, than the options want to keep: messages exactly, entries as far as no start can need them any more –
/// that is, up to the oldest kept snapshot, once that is older than the mail that mailboxes are rebuilt from. In batches between which
/// appends go on.
/// </summary>
internal sealed partial class LogRetention(
    ChatDatabase database, SqliteHistory history, SqliteSnapshots snapshots, TimeProvider time, ILogger<LogRetention> logger)
    : BackgroundService
{
    /// <summary>Rows of one transaction: about 5 ms.</summary>
    private const int Batch = 250;

    // The oldest rows first and then the condition on them: that way the cost is that of the batch, whatever the size of the table. Times
    // may go back a little when a clock was set; then the rest goes with a later batch.
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
                // The disk's troubles, and whatever else: an end of this loop would be the server's.
                if (failing.Failed())
                    Log.SweepFailed(logger, e.Message, e is SqliteException or LogUnavailableException ? null : e);
            }
        }
    }

    /// <summary>Removes all that is to go now.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? newest = await database.Readers.UseAsync(NewestFound, cancellationToken);
        long age = _clock is not null ? UnixTime.Of(_clock.Now(newest) - database.Options.KeepFor!.Value) : long.MinValue;
        (long cut, long bound, bool held) = await database.Readers.UseAsync(connection => Look(connection, age), cancellationToken);
        long messages = await RemoveMessagesAsync(cut, age, cancellationToken);
        long entries = await RepeatAsync(connection => RemoveEntries(connection, cut, age, bound), cancellationToken);
        if (held)
            snapshots.AskForOne();
        if (messages + entries > 0)
            Log.Removed(logger, entries, messages);
    }

    /// <summary>A message that goes is taken out of the index too; when the index is damaged, it goes without that.</summary>
    private async Task<long> RemoveMessagesAsync(long cut, long age, CancellationToken cancellationToken)
    {
        try
        {
            return await RepeatAsync(connection => RemoveMessages(connection, cut, age), cancellationToken);
        }
        catch (SqliteException e)
        {
            if (!await history.IndexFailedAsync(e))
                throw;
            return await RepeatAsync(connection => RemoveMessages(connection, cut, age), cancellationToken);
        }
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

    /// <summary>When the newest entry was made that was there before this process.</summary>
    private DateTimeOffset? NewestFound(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT at FROM entry WHERE sequence <= $newest ORDER BY sequence DESC LIMIT 1",
            ("$newest", database.Newest)) is not 0 and var at
            ? UnixTime.At(at)
            : null;

    /// <summary>
    /// Up to where the count cuts, up to where entries may go, and whether only the snapshots' age keeps more from going.
    /// </summary>
    private (long Cut, long Bound, bool Held) Look(SqliteConnection connection, long age)
    {
        long cut = database.Options.KeepEntries is { } keep
            ? connection.Scalar<long>("SELECT sequence FROM entry ORDER BY sequence DESC LIMIT 1 OFFSET $keep", ("$keep", keep))
            : 0;
        long mail = SqliteSnapshots.MailAfter(connection, database.Options.RestoreMail);

        // A snapshot younger than the mail is of no use to a start that is to put all that mail back: until one is older, every entry is
        // needed.
        long oldest = connection.Scalar<long>("SELECT min(sequence) FROM snapshot");
        long bound = oldest <= mail ? oldest : 0;
        bool held = connection.Scalar<long>(
            "SELECT count(*) FROM (SELECT sequence, at FROM entry WHERE sequence > $bound ORDER BY sequence LIMIT 1) "
            + "WHERE sequence <= $mail AND (sequence <= $cut OR at < $age)",
            ("$bound", bound),
            ("$mail", mail),
            ("$cut", cut),
            ("$age", age)) > 0;

        // While the only snapshots are too young, waiting is all that is needed.
        return (cut, bound, held && oldest <= mail);
    }

    private static int RemoveMessages(SqliteConnection connection, long cut, long age)
    {
        connection.Execute($"DELETE FROM participant WHERE sequence IN ({OldMessages})", ("$batch", Batch), ("$cut", cut), ("$age", age));
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

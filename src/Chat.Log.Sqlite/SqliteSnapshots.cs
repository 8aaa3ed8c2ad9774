using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite;

/// <summary>Snapshots in a table beside the log: a backup of the one file has both, and a transaction keeps them in step with what retention removes.</summary>
/// <remarks>Used by one chat room.</remarks>
internal sealed partial class SqliteSnapshots(ChatDatabase database, SqliteHistory history, ILogger<SqliteSnapshots> logger) : ISnapshotStore
{
    private volatile bool _wanted;

    /// <summary>Retention asks for one earlier, as the oldest kept one holds entries back.</summary>
    public int Interval => _wanted ? Math.Max(1, MinInterval) : database.Options.SnapshotEvery;

    public int MinInterval => database.Options.RestoreMail;

    public async ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken)
    {
        database.Open();
        return await database.Readers.UseAsync(FindStart, cancellationToken);
    }

    public async Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken)
    {
        // Off the caller, who is the log's reader: encoding ten thousand sessions takes longer than a message may.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(image);
        _wanted = false;

        // What the history has not written yet a replay from this snapshot would never come across again, so it goes into the same transaction.
        await history.FlushWithAsync(connection =>
        {
            connection.Execute(
                "INSERT OR REPLACE INTO snapshot (sequence, format, sha256, image) VALUES ($sequence, $format, $sha256, $image)",
                ("$sequence", image.Sequence),
                ("$format", SnapshotCodec.Format),
                ("$sha256", checksum),
                ("$image", bytes));
            Prune(connection);
        });
        Log.Saved(logger, image.Sequence, bytes.Length);
    }

    /// <summary>The next entry may bring a snapshot, if it is not too near to the one before.</summary>
    internal void AskForOne() => _wanted = true;

    /// <summary>The sequence above which a start delivers mail: so many entries before the newest, or the first that is still there.</summary>
    internal static long MailAfter(SqliteConnection connection, int entries) =>
        connection.Scalar<long>("SELECT sequence FROM entry ORDER BY sequence DESC LIMIT 1 OFFSET $entries", ("$entries", entries)) is > 0 and long after
            ? after
            : RemovedThrough(connection);

    /// <summary>The highest sequence that retention has removed; 0 for none.</summary>
    internal static long RemovedThrough(SqliteConnection connection) => connection.Scalar<long>("SELECT value FROM meta WHERE key = 'removed_through'");

    private ReplayStart FindStart(SqliteConnection connection)
    {
        history.Begin(connection);
        long mailAfter = MailAfter(connection, database.Options.RestoreMail);
        long removed = RemovedThrough(connection);
        long newest = connection.Scalar<long>("SELECT max(sequence) FROM snapshot");
        ChatStateImage? image = FindImage(connection, "sequence <= $limit ORDER BY sequence DESC", mailAfter, removed);

        // Younger ones cost readers a resync; that is better than what would be lost otherwise.
        if (image is null && removed > 0)
            image = FindImage(connection, "sequence > $limit ORDER BY sequence", mailAfter, removed);
        if (image is null && removed > 0)
        {
            if (!database.Options.AcceptLostState)
            {
                throw new LogStartException($"{database.Path}: no snapshot can be read, and the entries up to {removed} were removed by retention. "
                    + "Restore a backup, or start with Log:AcceptLostState=true and lose the sessions, rooms and bans of that time.");
            }

            Log.LostState(logger, removed);
        }

        return new ReplayStart(image, Math.Max(mailAfter, image?.Sequence ?? 0), database.Newest, newest);
    }

    private ChatStateImage? FindImage(SqliteConnection connection, string which, long limit, long removed)
    {
        using SqliteCommand command = connection.Command(
            $"SELECT sequence, format, CAST(sha256 AS BLOB), CAST(image AS BLOB) FROM snapshot WHERE sequence >= $removed AND {which}", ("$removed", removed), ("$limit", limit));
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (SnapshotCodec.TryDecode(rows.GetInt64(1), (byte[])rows[3], (byte[])rows[2], out string? problem) is { } image)
                return image;
            Log.Unusable(logger, rows.GetInt64(0), problem!);
        }

        return null;
    }

    /// <summary>Keeps two that the next start could use – the second for when the first cannot be read – and those that are still too new for it, usually one.</summary>
    private void Prune(SqliteConnection connection) => connection.Execute(
        "DELETE FROM snapshot WHERE sequence < (SELECT min(sequence) FROM (SELECT sequence FROM snapshot WHERE sequence <= $usable ORDER BY sequence DESC LIMIT 2))",
        ("$usable", MailAfter(connection, database.Options.RestoreMail)));

    private static partial class Log
    {
        [LoggerMessage(220, LogLevel.Information, "Saved a snapshot of entry {Sequence}, {Bytes} bytes.", EventName = "SnapshotSaved")]
        public static partial void Saved(ILogger logger, long sequence, int bytes);

        [LoggerMessage(221, LogLevel.Warning, "The snapshot of entry {Sequence} cannot be used: {Problem}. The one before is tried, then the whole log.", EventName = "SnapshotUnusable")]
        public static partial void Unusable(ILogger logger, long sequence, string problem);

        [LoggerMessage(222, LogLevel.Warning, "Started without the state that only the removed entries up to {Sequence} told of, as Log:AcceptLostState says.", EventName = "StateLost")]
        public static partial void LostState(ILogger logger, long sequence);
    }
}

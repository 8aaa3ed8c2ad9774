using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.Log;
using ErlChat.State;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Snapshots;

/// <summary>
/// Finds where a start begins: at the newest snapshot that is older than the mail to restore. If it cannot be read, the start uses the one
/// before, and so on, and finally the whole log. If entries after that snapshot cannot be read, it uses a newer one. Damage elsewhere in
/// the file does not affect a start.
/// </summary>
internal static partial class StartSearch
{
    /// <summary>
    /// The key in <c>meta</c> of the sequence up to which entries lack addresses, or what erased persons wrote. A start should not fold
    /// them, so it prefers a snapshot after it. If none can be read, it folds them all the same.
    /// </summary>
    internal const string Redacted = "redacting_through";

    /// <exception cref="LogStartException">The state cannot be restored from any snapshot or from the whole log.</exception>
    internal static ReplayStart Find(SqliteConnection connection, string path, SqliteLogOptions options, ILogger logger)
    {
        long mailAfter = SqliteSnapshots.MailAfter(connection, options.RestoreMail);
        long removed = SqliteSnapshots.RemovedThrough(connection);
        long[] snapshots = Snapshots(connection, removed, logger);
        ChatStateImage? image = snapshots
            .Where(one => one <= mailAfter)
            .OrderDescending()
            .Select(one => Read(connection, one, logger))
            .FirstOrDefault(one => one is not null);
        SqliteException? damage = null;

        // A newer snapshot costs readers a resync, which is better than losing state.
        if ((image is null && (removed > 0 || RedactedThrough(connection) > 0))
            || (damage = Scan(connection, Math.Max(image?.Sequence ?? 0, removed))) is not null)
        {
            ChatStateImage? younger = snapshots
                .Where(one => one > mailAfter)
                .Order()
                .Select(one => Read(connection, one, logger))
                .FirstOrDefault(one => one is not null && Scan(connection, one.Sequence) is null);
            if (damage is not null && younger is null)
                throw Unreadable(path, damage);
            if (younger is not null && damage is not null)
                Log.AfterDamage(logger, younger.Sequence, damage.Message);
            image = younger ?? image;
        }

        if (image is null && removed > 0)
        {
            if (!options.AcceptLostState)
            {
                throw new LogStartException($"{path}: no snapshot can be read, and the entries up to {removed} were removed by retention. "
                    + "Restore a backup, or start with Log:AcceptLostState=true and lose the sessions, rooms and bans of that time.");
            }

            if (Scan(connection, removed) is { } unreadable)
                throw Unreadable(path, unreadable);
            Log.LostState(logger, removed);
        }

        return new ReplayStart(
            image,
            Math.Max(mailAfter, image?.Sequence ?? 0),
            connection.Scalar<long>("SELECT max(sequence) FROM entry"),
            snapshots.DefaultIfEmpty().Max())
        {
            FirstAfterRestore = LogTimeline.First(connection),
        };
    }

    /// <summary>The value of <see cref="Redacted"/>; 0 if nothing was removed from entries.</summary>
    internal static long RedactedThrough(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT value FROM meta WHERE key = $key", ("$key", Redacted));

    private static LogStartException Unreadable(string path, SqliteException damage) => new(
        $"{path} is damaged: entries that the start needs cannot be read, and no snapshot is newer ({damage.Message}) "
        + "It was not changed. Restore a backup, or save what can be read with `log salvage`; see docs/durability.md.",
        damage);

    /// <summary>
    /// Reads all entries above a sequence, as the replay will. Returns the problem with the first that cannot be read, or null.
    /// </summary>
    private static SqliteException? Scan(SqliteConnection connection, long after)
    {
        try
        {
            using SqliteCommand command = connection.Command(
                "SELECT length(kind) + length(origin) + length(body) FROM entry WHERE sequence > $after ORDER BY sequence",
                ("$after", after));
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
            {
            }

            return null;
        }
        catch (SqliteException e) when (DatabaseCheck.IsDamage(e))
        {
            return e;
        }
    }

    private static long[] Snapshots(SqliteConnection connection, long removed, ILogger logger)
    {
        var all = new List<long>();
        try
        {
            using SqliteCommand command = connection.Command(
                "SELECT sequence FROM snapshot WHERE sequence >= $removed ORDER BY sequence", ("$removed", removed));
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
                all.Add(rows.GetInt64(0));
        }
        catch (SqliteException e) when (DatabaseCheck.IsDamage(e))
        {
            Log.Unlisted(logger, all.Count, e.Message);
        }

        return [.. all];
    }

    private static ChatStateImage? Read(SqliteConnection connection, long sequence, ILogger logger)
    {
        string? problem;
        try
        {
            using SqliteCommand command = connection.Command(
                "SELECT format, CAST(sha256 AS BLOB), CAST(image AS BLOB) FROM snapshot WHERE sequence = $sequence",
                ("$sequence", sequence));
            using SqliteDataReader rows = command.ExecuteReader();
            if (!rows.Read())
                return null;
            if (SnapshotCodec.TryDecode(rows.GetInt64(0), (byte[])rows[2], (byte[])rows[1], out problem) is { } image)
                return image;
        }
        catch (Exception e) when (e is InvalidCastException || (e is SqliteException damage && DatabaseCheck.IsDamage(damage)))
        {
            problem = e.Message;
        }

        Log.Unusable(logger, sequence, problem!);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(
            221,
            LogLevel.Warning,
            "The snapshot of entry {Sequence} cannot be used: {Problem}. The server tries the previous one, and in the end the whole log.",
            EventName = "SnapshotUnusable")]
        public static partial void Unusable(ILogger logger, long sequence, string problem);

        [LoggerMessage(
            222,
            LogLevel.Warning,
            "Started without the state that was recorded only in the removed entries up to {Sequence}, because Log:AcceptLostState is set.",
            EventName = "StateLost")]
        public static partial void LostState(ILogger logger, long sequence);

        [LoggerMessage(
            223,
            LogLevel.Warning,
            "The snapshot table is damaged: {Count} snapshots were found. {Problem} `log salvage` creates a sound database.",
            EventName = "SnapshotsDamaged")]
        public static partial void Unlisted(ILogger logger, int count, string problem);

        [LoggerMessage(
            224,
            LogLevel.Warning,
            "Started from the snapshot of entry {Sequence}, since entries before it cannot be read: {Problem} `log salvage` creates "
                + "a sound database.",
            EventName = "StartedAfterDamage")]
        public static partial void AfterDamage(ILogger logger, long sequence, string problem);
    }
}

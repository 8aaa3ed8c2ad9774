using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.State;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Snapshots;

/// <summary>
/// Snapshots in a table beside the log: a backup of the one file has both, and a transaction keeps them in step with what retention
/// removes.
/// </summary>
/// <remarks>Used by one chat room.</remarks>
internal sealed partial class SqliteSnapshots(
    ChatDatabase database, SqliteHistory history, StartPlace start, ILogger<SqliteSnapshots> logger)
    : ISnapshotStore
{
    private volatile bool _wanted;

    /// <summary>Retention asks for one earlier, as the oldest kept one holds entries back.</summary>
    public int Interval => _wanted ? Math.Max(1, MinInterval) : database.Options.SnapshotEvery;

    public int MinInterval => database.Options.RestoreMail;

    public async ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken)
    {
        database.Open();
        return await database.Readers.UseAsync(Begin, cancellationToken);
    }

    public async Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken)
    {
        // Off the caller, who is the log's reader: encoding ten thousand sessions takes longer than a message may.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(image);
        _wanted = false;
        start.Forget();

        // What the history has not written yet a replay from this snapshot would never come across again, so it goes into the same
        // transaction.
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

    /// <summary>
    /// The sequence above which a start delivers mail: so many entries before the newest, or the first that is still there; but none of
    /// before the last restore.
    /// </summary>
    internal static long MailAfter(SqliteConnection connection, int entries) =>
        Math.Max(LogTimeline.First(connection) - 1, NewestBut(connection, entries));

    private static long NewestBut(SqliteConnection connection, int entries) =>
        connection.Scalar<long>(
            "SELECT sequence FROM entry ORDER BY sequence DESC LIMIT 1 OFFSET $entries", ("$entries", entries)) is > 0 and long after
            ? after
            : RemovedThrough(connection);

    /// <summary>The highest sequence that retention has removed; 0 for none.</summary>
    internal static long RemovedThrough(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT value FROM meta WHERE key = 'removed_through'");

    private ReplayStart Begin(SqliteConnection connection)
    {
        history.Begin(connection);
        return start.Take(connection, database.Path);
    }

    /// <summary>
    /// Keeps two that the next start could use – the second for when the first cannot be read – and those that are still too new for it,
    /// usually one.
    /// </summary>
    private void Prune(SqliteConnection connection) => connection.Execute(
        "DELETE FROM snapshot WHERE sequence < (SELECT min(sequence) FROM ("
        + "SELECT sequence FROM snapshot WHERE sequence <= $usable ORDER BY sequence DESC LIMIT 2))",
        ("$usable", MailAfter(connection, database.Options.RestoreMail)));

    private static partial class Log
    {
        [LoggerMessage(220, LogLevel.Information, "Saved a snapshot of entry {Sequence}, {Bytes} bytes.", EventName = "SnapshotSaved")]
        public static partial void Saved(ILogger logger, long sequence, int bytes);
    }
}

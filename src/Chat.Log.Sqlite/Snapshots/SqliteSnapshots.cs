using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Log;
using ErlChat.State;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Sqlite.Snapshots;

/// <summary>
/// Stores snapshots in a table next to the log. A backup of the one file therefore contains both, and a transaction keeps the snapshots
/// consistent with what retention removes.
/// </summary>
/// <remarks>Used by one chat room.</remarks>
internal sealed partial class SqliteSnapshots(
    ChatDatabase database, SqliteHistory history, StartPlace start, ILogger<SqliteSnapshots> logger)
    : ISnapshotStore
{
    private volatile bool _wanted;
    private volatile bool _wantedNow;

    /// <summary>Set when retention needs a snapshot earlier, since the oldest kept one prevents it from removing entries.</summary>
    public int Interval => _wantedNow ? 1 : _wanted ? Math.Max(1, MinInterval) : database.Options.SnapshotEvery;

    public int MinInterval => database.Options.RestoreMail;

    public async ValueTask<ReplayStart> OpenAsync(CancellationToken cancellationToken)
    {
        database.Open();
        return await database.Readers.UseAsync(Begin, cancellationToken);
    }

    public async Task SaveAsync(ChatStateImage image, CancellationToken cancellationToken)
    {
        // Not on the caller's thread, which reads the log: encoding ten thousand sessions takes longer than a message may wait.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        (byte[] bytes, byte[] checksum) = SnapshotCodec.Encode(image);
        (_wanted, _wantedNow) = (false, false);
        start.Forget();

        // The pending history rows go into the same transaction, since a replay from this snapshot would never deliver them.
        await history.FlushWithAsync(connection =>
        {
            connection.Execute(
                "INSERT OR REPLACE INTO snapshot (sequence, format, sha256, image) VALUES ($sequence, $format, $sha256, $image)",
                ("$sequence", image.Sequence),
                ("$format", SnapshotCodec.FormatOf(image)),
                ("$sha256", checksum),
                ("$image", bytes));
            Prune(connection);
        });
        Log.Saved(logger, image.Sequence, bytes.Length);
    }

    /// <summary>Allows the next entry to trigger a snapshot, unless the last one is too recent.</summary>
    /// <param name="now">Whether to save one even then.</param>
    internal void RequestSnapshot(bool now = false)
    {
        _wanted = true;
        if (now)
            _wantedNow = true;
    }

    /// <summary>
    /// The sequence above which a start restores mail: the given number of entries before the newest, or the first entry that still exists,
    /// but never from before the last restore.
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
    /// Keeps the two newest snapshots that the next start could use (the second in case the first cannot be read), and those that are still
    /// too new for it, usually one.
    /// </summary>
    /// <remarks>They are overwritten, because they have addresses, and nicks of persons who may be erased by now.</remarks>
    private void Prune(SqliteConnection connection) => connection.Overwriting(one => one.Execute(
        "DELETE FROM snapshot WHERE sequence < (SELECT min(sequence) FROM ("
        + "SELECT sequence FROM snapshot WHERE sequence <= $usable ORDER BY sequence DESC LIMIT 2))",
        ("$usable", MailAfter(one, database.Options.RestoreMail))));

    private static partial class Log
    {
        [LoggerMessage(220, LogLevel.Information, "Saved a snapshot of entry {Sequence}, {Bytes} bytes.", EventName = "SnapshotSaved")]
        public static partial void Saved(ILogger logger, long sequence, int bytes);
    }
}

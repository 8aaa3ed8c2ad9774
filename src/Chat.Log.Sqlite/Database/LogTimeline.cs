using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// Gives a log that was rolled back (restored from a backup, salvaged or imported) a new identity, so that its readers do not mistake it
/// for the log they knew. Clients that send an epoch see a new epoch. For the others, sequences continue above all that were ever assigned,
/// and every cursor below a mark must resync.
/// </summary>
internal static class LogTimeline
{
    /// <summary>
    /// The least distance to the highest known sequence. It is more than the number of entries in a WAL that was lost with its database.
    /// </summary>
    private const long Margin = 1_000_000;

    /// <summary>The highest sequence that a JavaScript client can represent exactly. The clock below reaches it in the year 4824.</summary>
    private const long Most = (1L << 53) - 1;

    private const string Key = "first_after_restore";

    /// <summary>How many entries lie below that sequence.</summary>
    private const string CountKey = "entries_before_restore";

    /// <summary>The first sequence that may be assigned since the log was last rolled back; 0 if it never was.</summary>
    internal static long First(SqliteConnection connection) => connection.Scalar<long>($"SELECT value FROM meta WHERE key = '{Key}'");

    /// <summary>
    /// The number of entries, computed without reading them: the number of sequences, less the gap that rolling the log back has left.
    /// Entries that were removed from between others still count.
    /// </summary>
    internal static long EntriesAtMost(SqliteConnection connection)
    {
        long oldest = connection.Scalar<long>("SELECT min(sequence) FROM entry");
        long newest = connection.Scalar<long>("SELECT max(sequence) FROM entry");
        long first = First(connection);
        if (newest == 0)
            return 0;
        return oldest >= first
            ? newest - oldest + 1
            : connection.Scalar<long>($"SELECT value FROM meta WHERE key = '{CountKey}'") + Math.Max(newest - first + 1, 0);
    }

    /// <summary>
    /// The first sequence for a log that is rolled back: a hundred thousand for each second since 1970. If the old file is lost, nobody
    /// knows which sequences it assigned, but they are lower, since no log grows that fast for its whole life. If the clock is wrong, the
    /// sequences found in the files correct it as far as they can.
    /// </summary>
    /// <param name="known">The highest sequence in the remains of the old log and in its replacement.</param>
    /// <exception cref="LogStartException">No sequence above it can be represented in JavaScript.</exception>
    internal static long FirstFor(long known, TimeProvider time)
    {
        long first = Math.Max(known + Margin, Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds() * 100, Most - Margin));
        return first <= Most - Margin
            ? first
            : throw new LogStartException($"The log has given out sequences up to {known}. There are no higher ones left that every "
                + "client can represent exactly.");
    }

    /// <summary>Gives the log a new epoch and the next sequence to assign. Uses the caller's transaction if there is one.</summary>
    internal static void Begin(SqliteConnection connection, long first)
    {
        connection.Execute("UPDATE meta SET value = $epoch WHERE key = 'epoch'", ("$epoch", Guid.NewGuid().ToString("N")));
        connection.Execute($"INSERT OR REPLACE INTO meta (key, value) VALUES ('{Key}', $first)", ("$first", first));
        connection.Execute($"INSERT OR REPLACE INTO meta (key, value) SELECT '{CountKey}', count(*) FROM entry");
        connection.Execute("DELETE FROM sqlite_sequence WHERE name = 'entry'");
        connection.Execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('entry', $last)", ("$last", first - 1));
    }

    /// <summary>
    /// The highest sequence that a log has assigned, according to its file; 0 if the file does not say. A number that no log can have
    /// assigned counts as damage.
    /// </summary>
    internal static long Highest(SqliteConnection connection) => Math.Max(
        connection.Scalar<long>("SELECT max(seq) FROM sqlite_sequence WHERE name = 'entry' AND seq <= $most", ("$most", Most)),
        connection.Scalar<long>("SELECT max(sequence) FROM entry WHERE sequence <= $most", ("$most", Most)));
}

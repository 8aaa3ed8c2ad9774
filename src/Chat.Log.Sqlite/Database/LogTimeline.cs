using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// Makes a log that was set back – restored from a backup, salvaged, imported – another log than the one that its readers knew: a new epoch
/// for those who send it, and for the others sequences that lie above all that were ever given, with a mark below which every cursor is
/// told to resync.
/// </summary>
internal static class LogTimeline
{
    /// <summary>
    /// The least distance to the highest sequence that is known: more than can be in a WAL that was lost with its database.
    /// </summary>
    private const long Margin = 1_000_000;

    /// <summary>
    /// The highest sequence that a script can count with. The clock below gets there in the year 4824.
    /// </summary>
    private const long Most = (1L << 53) - 1;

    private const string Key = "first_after_restore";

    /// <summary>How many entries there were below that.</summary>
    private const string CountKey = "entries_before_restore";

    /// <summary>The first sequence that may be given since the log was last set back; 0 when it never was.</summary>
    internal static long First(SqliteConnection connection) => connection.Scalar<long>($"SELECT value FROM meta WHERE key = '{Key}'");

    /// <summary>
    /// How many entries there are, without looking at each: as many as there are sequences, but for the gap that setting it back has left.
    /// Those that were removed from among others count too.
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
    /// The first sequence for a log that is set back. A hundred thousand for each second since 1970: what the log gave out before is not
    /// known when its file is lost, but it is less, as no log grows as fast for as long as it lives. A clock that is wrong is made up for
    /// as far as the files tell.
    /// </summary>
    /// <param name="known">The highest sequence in what is left of the old log, and in what takes its place.</param>
    /// <exception cref="LogStartException">There is none above it that scripts can count with.</exception>
    internal static long FirstFor(long known, TimeProvider time)
    {
        long first = Math.Max(known + Margin, Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds() * 100, Most - Margin));
        return first <= Most - Margin
            ? first
            : throw new LogStartException($"The log has given out sequences up to {known}. There are no higher ones left that every "
                + "client can represent exactly.");
    }

    /// <summary>Gives the log a new epoch and lets it go on at a sequence. In a transaction of the caller, or by itself.</summary>
    internal static void Begin(SqliteConnection connection, long first)
    {
        connection.Execute("UPDATE meta SET value = $epoch WHERE key = 'epoch'", ("$epoch", Guid.NewGuid().ToString("N")));
        connection.Execute($"INSERT OR REPLACE INTO meta (key, value) VALUES ('{Key}', $first)", ("$first", first));
        connection.Execute($"INSERT OR REPLACE INTO meta (key, value) SELECT '{CountKey}', count(*) FROM entry");
        connection.Execute("DELETE FROM sqlite_sequence WHERE name = 'entry'");
        connection.Execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('entry', $last)", ("$last", first - 1));
    }

    /// <summary>
    /// The highest sequence that a log has given, as far as its file tells; 0 when it does not. What no log can have given is damage.
    /// </summary>
    internal static long Highest(SqliteConnection connection) => Math.Max(
        connection.Scalar<long>("SELECT max(seq) FROM sqlite_sequence WHERE name = 'entry' AND seq <= $most", ("$most", Most)),
        connection.Scalar<long>("SELECT max(sequence) FROM entry WHERE sequence <= $most", ("$most", Most)));
}

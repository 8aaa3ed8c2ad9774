using ErlChat.Forgetting;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Snapshots;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Forgetting;

/// <summary>What <see cref="SqlitePrivacy"/> asks of the database.</summary>
internal static class RedactionSql
{
    /// <summary>The key in <c>meta</c> of the sequence up to which all that was asked for is done.</summary>
    internal const string Through = "redacted_through";

    /// <summary>The key in <c>meta</c> of the sequence up to which entries have no addresses.</summary>
    internal const string AddressesThrough = "addresses_through";

    /// <summary>How many messages, at most, are looked at in one transaction: some milliseconds.</summary>
    private const int Messages = 2000;

    /// <summary>All kinds of entries, for SQL.</summary>
    internal const string AllKinds = "kind";

    /// <summary>The kinds of entries that may have an address, for SQL.</summary>
    internal static readonly string KindsWithAddresses =
        string.Join(", ", Redaction.KindsWithAddresses.Select(static kind => $"'{kind}'"));

    internal static long Meta(SqliteConnection connection, string key) =>
        connection.Scalar<long>("SELECT value FROM meta WHERE key = $key", ("$key", key));

    internal static int SetMeta(SqliteConnection connection, string key, long value) =>
        connection.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ($key, $value)", ("$key", key), ("$value", value));

    /// <summary>Removes the snapshots before an entry, and has starts use one that is not older.</summary>
    internal static int Begin(SqliteConnection connection, long through)
    {
        SetMeta(connection, StartSearch.Redacted, through);
        return connection.Execute("DELETE FROM snapshot WHERE sequence < $through", ("$through", through));
    }

    /// <summary>Looks through a number of entries.</summary>
    /// <returns>The last of them, 0 if there is none; and those that ask for something.</returns>
    internal static (long Last, List<StoredEntry> Found) Find(SqliteConnection connection, long after, int count)
    {
        long last = connection.Scalar<long>(
            "SELECT max(sequence) FROM (SELECT sequence FROM entry WHERE sequence > $after ORDER BY sequence LIMIT $count)",
            ("$after", after),
            ("$count", count));
        using SqliteCommand command = connection.Command(
            $"SELECT {EntryRows.Columns} FROM entry WHERE sequence > $after AND sequence <= $last "
            + "AND kind IN ('erased', 'forgot_addresses') ORDER BY sequence",
            ("$after", after),
            ("$last", last));
        return (last, Read(command));
    }

    /// <summary>Some entries between two sequences.</summary>
    internal static List<StoredEntry> Page(SqliteConnection connection, long from, long through, string kinds, int count)
    {
        using SqliteCommand command = connection.Command(
            $"SELECT {EntryRows.Columns} FROM entry WHERE sequence >= $from AND sequence <= $through AND kind IN ({kinds}) "
            + "ORDER BY sequence LIMIT $count",
            ("$from", from),
            ("$through", through),
            ("$count", count));
        return Read(command);
    }

    internal static int Update(SqliteConnection connection, List<(long Sequence, EntryRow Row)> changes)
    {
        using var update = new Statement(connection, "UPDATE entry SET body = ?, checksum = ? WHERE sequence = ?");
        foreach ((long sequence, EntryRow row) in changes)
            update.Bind(1, row.Body).Bind(2, EntryChecksum.Of(sequence, row)).Bind(3, sequence).Run();
        return changes.Count;
    }

    /// <summary>Erases a person from some messages, and from the search index.</summary>
    /// <returns>Where to go on.</returns>
    internal static long EraseMessages(SqliteConnection connection, Erased erased, long from, long through)
    {
        long last = connection.Scalar<object>(
            "SELECT sequence FROM message WHERE sequence >= $from AND sequence <= $through ORDER BY sequence LIMIT 1 OFFSET $count",
            ("$from", from),
            ("$through", through),
            ("$count", Messages)) is long next ? next : through;
        const string range = "sequence >= $from AND sequence <= $last";
        if (SearchIndex.Through(connection) >= 0)
        {
            Execute("DELETE FROM message_text WHERE rowid IN "
                + $"(SELECT sequence FROM message WHERE {range} AND user_id = $user AND kind <> 'topic')");
        }

        Execute($"UPDATE message SET nick = $nick, name = $nick, text = '' WHERE {range} AND user_id = $user");
        Execute($"UPDATE message SET to_nick = $nick, to_name = $nick WHERE {range} AND to_user_id = $user");
        return last + 1;

        void Execute(string sql) => connection.Execute(
            sql, ("$from", from), ("$last", last), ("$user", erased.UserId), ("$nick", Person.ErasedNick));
    }

    private static List<StoredEntry> Read(SqliteCommand command)
    {
        var found = new List<StoredEntry>();
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
            found.Add(EntryWalk.Of(rows));
        return found;
    }
}

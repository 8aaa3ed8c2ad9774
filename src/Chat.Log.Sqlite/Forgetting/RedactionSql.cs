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
    /// <summary>How many messages, at most, are looked at in one transaction: some milliseconds.</summary>
    private const int Messages = 2000;

    internal static long Meta(SqliteConnection connection, string key) =>
        connection.Scalar<long>("SELECT value FROM meta WHERE key = $key", ("$key", key));

    internal static int SetMeta(SqliteConnection connection, string key, long value) =>
        connection.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ($key, $value)", ("$key", key), ("$value", value));

    /// <summary>The time of the first entry that may have an address; null if there is none.</summary>
    internal static DateTimeOffset? OldestAddress(SqliteConnection connection) => connection.Scalar<object>(
        $"""
        SELECT at FROM entry WHERE sequence > coalesce((SELECT value FROM meta WHERE key = $key), 0)
        AND {IsOf(Redaction.KindsWithAddresses)} ORDER BY sequence LIMIT 1
        """,
        ("$key", StoredPrivacy.AddressesThrough)) is long at ? UnixTime.At(at) : null;

    /// <summary>Removes the snapshots before an entry, and has starts use one that is not older.</summary>
    internal static int Begin(SqliteConnection connection, long through)
    {
        SetMeta(connection, StartSearch.Redacted, through);
        return connection.Execute("DELETE FROM snapshot WHERE sequence < $through", ("$through", through));
    }

    /// <summary>Looks through a number of entries.</summary>
    /// <returns>The last of them, 0 if there is none; and those of some kinds.</returns>
    internal static (long Last, List<(long Sequence, Entry? Entry)> Found) Find(
        SqliteConnection connection, long after, int count, IReadOnlyList<string> kinds)
    {
        long last = connection.Scalar<long>(
            "SELECT max(sequence) FROM (SELECT sequence FROM entry WHERE sequence > $after ORDER BY sequence LIMIT $count)",
            ("$after", after),
            ("$count", count));
        using SqliteCommand command = connection.Command(
            $"SELECT {EntryRows.Columns} FROM entry WHERE sequence > $after AND sequence <= $last "
            + $"AND {IsOf(kinds)} ORDER BY sequence",
            ("$after", after),
            ("$last", last));
        return (last, Read(command));
    }

    /// <summary>What the history has of a message.</summary>
    internal static StoredEdits Edits(SqliteConnection connection, long message)
    {
        bool isRemoved = connection.Scalar<long>(
            "SELECT count(*) FROM message_change WHERE message = $message AND kind > 0", ("$message", message)) > 0;
        bool isThere = !isRemoved && connection.Scalar<long>(
            "SELECT count(*) FROM message WHERE sequence = $message", ("$message", message)) > 0;
        using SqliteCommand command = connection.Command(
            "SELECT sequence FROM earlier_text WHERE message = $message ORDER BY sequence", ("$message", message));
        using SqliteDataReader rows = command.ExecuteReader();
        var edits = new List<long>();
        while (rows.Read())
            edits.Add(rows.GetInt64(0));
        return new StoredEdits(isThere, isRemoved, edits);
    }

    /// <summary>Some entries between two sequences; null for those that cannot be read.</summary>
    internal static List<(long Sequence, Entry? Entry)> Page(
        SqliteConnection connection, long from, long through, IReadOnlyList<string>? kinds, int count)
    {
        using SqliteCommand command = connection.Command(
            $"SELECT {EntryRows.Columns} FROM entry WHERE sequence >= $from AND sequence <= $through "
            + $"AND {(kinds is null ? "true" : IsOf(kinds))} ORDER BY sequence LIMIT $count",
            ("$from", from),
            ("$through", through),
            ("$count", count));
        return Read(command);
    }

    internal static int Update(SqliteConnection connection, (long Sequence, EntryRow Row)[] changes)
    {
        using var update = new Statement(connection, "UPDATE entry SET body = ?, checksum = ? WHERE sequence = ?");
        foreach ((long sequence, EntryRow row) in changes)
            update.Bind(1, row.Body).Bind(2, EntryChecksum.Of(sequence, row)).Bind(3, sequence).Run();
        return changes.Length;
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

        Execute($"UPDATE earlier_text SET text = '' WHERE message IN (SELECT sequence FROM message WHERE {range} AND user_id = $user)");
        Execute($"UPDATE message SET nick = $nick, name = $nick, text = '' WHERE {range} AND user_id = $user");
        Execute($"UPDATE message SET to_nick = $nick, to_name = $nick WHERE {range} AND to_user_id = $user");
        return last + 1;

        void Execute(string sql) => connection.Execute(
            sql, ("$from", from), ("$last", last), ("$user", erased.UserId), ("$nick", Person.ErasedNick));
    }

    /// <summary>The condition that an entry is of one of some kinds.</summary>
    private static string IsOf(IReadOnlyList<string> kinds) => $"kind IN ({string.Join(", ", kinds.Select(static kind => $"'{kind}'"))})";

    private static List<(long Sequence, Entry? Entry)> Read(SqliteCommand command)
    {
        var found = new List<(long Sequence, Entry? Entry)>();
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            StoredEntry stored = EntryWalk.Of(rows);
            found.Add((stored.Sequence, stored.Entry));
        }

        return found;
    }
}

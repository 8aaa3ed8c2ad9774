using ErlChat.History;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.History;

/// <summary>
/// Fills the index of messages, and rebuilds it while the chat runs. A damaged index, or one of an older version, is detached first:
/// messages are then written without it, and it is filled again in short steps, oldest message first. The table <c>meta</c> says how far
/// that has come, so that a restart can continue, and a search knows which messages it has to read itself.
/// </summary>
/// <remarks>Use it on the writer's connection, inside a transaction, except for <see cref="Through"/>.</remarks>
internal static class SearchIndex
{
    /// <summary>The number of messages in one step: about 10 ms, since appends wait for it.</summary>
    private const int Step = 250;

    /// <summary>
    /// The message up to which the index is complete: <see cref="long.MaxValue"/> if it is complete, -1 if it cannot be used.
    /// </summary>
    internal static long Through(SqliteConnection connection) =>
        connection.Scalar<object>("SELECT value FROM meta WHERE key = 'indexed_through'") is long through ? through : long.MaxValue;

    /// <summary>Whether the index is detached and being rebuilt.</summary>
    internal static bool IsDetached(SqliteConnection connection) => Through(connection) != long.MaxValue;

    /// <summary>Detaches the index: from now on messages are written without it.</summary>
    internal static void Detach(SqliteConnection connection)
    {
        connection.Execute("DROP TRIGGER IF EXISTS message_removed");
        SetThrough(connection, -1);
    }

    /// <summary>Begins to add messages to the index; null while it is detached, since <see cref="Mend"/> adds them later.</summary>
    internal static SearchIndexInsert? Open(SqliteConnection connection) =>
        IsDetached(connection) ? null : new SearchIndexInsert(connection);

    /// <summary>Whether the index contains the first trigram of a message; true if the message is too short for one.</summary>
    internal static bool Has(SqliteConnection connection, long sequence, string text)
    {
        string first = string.Concat(SearchText.Of(text).EnumerateRunes().Take(3).Select(static rune => rune.ToString()));
        return first.EnumerateRunes().Count() < 3 || connection.Scalar<long>(
            "SELECT count(*) FROM message_text WHERE message_text MATCH $first AND rowid = $sequence",
            ("$first", $"\"{first}\""),
            ("$sequence", sequence)) == 1;
    }

    /// <summary>Fills the index by one step. Returns false when it is complete and attached again.</summary>
    internal static bool Mend(SqliteConnection connection)
    {
        long through = Through(connection);
        if (through < 0)
        {
            Empty(connection);
            return true;
        }

        List<(long Sequence, string Text)> next = Messages(connection, through);
        if (next.Count == 0)
        {
            connection.Execute("DELETE FROM meta WHERE key = 'indexed_through'");
            return false;
        }

        using var insert = new SearchIndexInsert(connection);
        foreach ((long sequence, string text) in next)
            insert.Run(sequence, text);
        SetThrough(connection, next[^1].Sequence);
        return true;
    }

    /// <summary>Rebuilds the whole index at once.</summary>
    internal static void Rebuild(SqliteConnection connection)
    {
        Detach(connection);
        while (Mend(connection))
        {
        }
    }

    private static List<(long Sequence, string Text)> Messages(SqliteConnection connection, long through)
    {
        var messages = new List<(long, string)>(Step);
        using SqliteCommand command = connection.Command(
            "SELECT sequence, text FROM message WHERE sequence > $through AND kind <> 'topic' ORDER BY sequence LIMIT $step",
            ("$through", through),
            ("$step", Step));
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
            messages.Add((rows.GetInt64(0), rows.GetString(1)));
        return messages;
    }

    private static void SetThrough(SqliteConnection connection, long sequence) =>
        connection.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('indexed_through', $sequence)", ("$sequence", sequence));

    /// <summary>
    /// Replaces the table, whatever was wrong with it. From now on the trigger removes deleted messages from the new one.
    /// </summary>
    private static void Empty(SqliteConnection connection)
    {
        Drop(connection);
        connection.Execute(Schema.MessageText);
        connection.Execute(Schema.MessageTrigger);
        SetThrough(connection, 0);
    }

    /// <summary>
    /// FTS5 cannot drop an index that it cannot read. The tables behind the index are therefore first reset to those of an empty one.
    /// </summary>
    private static void Drop(SqliteConnection connection)
    {
        const string drop = "DROP TABLE IF EXISTS message_text";
        try
        {
            connection.Execute(drop);
        }
        catch (SqliteException e) when (e.MayBeOfSearchIndex())
        {
            connection.Execute(
                """
                CREATE TABLE IF NOT EXISTS message_text_data (id INTEGER PRIMARY KEY, block BLOB);
                CREATE TABLE IF NOT EXISTS message_text_idx (segid, term, pgno, PRIMARY KEY (segid, term)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS message_text_docsize (id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);
                CREATE TABLE IF NOT EXISTS message_text_config (k PRIMARY KEY, v) WITHOUT ROWID;
                DELETE FROM message_text_data;
                DELETE FROM message_text_idx;
                DELETE FROM message_text_docsize;
                INSERT OR REPLACE INTO message_text_config (k, v) VALUES ('version', 4);
                INSERT INTO message_text_data (id, block) VALUES (1, x''), (10, x'00000000000000');
                """);
            connection.Execute(drop);
        }
    }
}

/// <summary>Adds messages to the index. Dispose it before its connection.</summary>
internal sealed class SearchIndexInsert(SqliteConnection connection) : IDisposable
{
    private readonly Statement _insert = new(connection, "INSERT INTO message_text (rowid, text) VALUES (?, ?)");

    internal void Run(long sequence, string text) => _insert.Bind(1, sequence).Bind(2, SearchText.Of(text)).Run();

    public void Dispose() => _insert.Dispose();
}

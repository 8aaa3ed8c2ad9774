using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite;

/// <summary>
/// Mends the index of messages while the chat goes on. With a damaged index, no message can be inserted, so it is detached first; messages are then
/// written without it, and it is filled anew in short steps, oldest message first. How far that has come stands in the table <c>meta</c>, so that a
/// restart goes on with it.
/// </summary>
/// <remarks>For the writer's connection, inside a transaction.</remarks>
internal static class SearchIndex
{
    /// <summary>Messages that one step takes: about 10 ms, as appends wait for it.</summary>
    private const int Step = 500;

    private const string Through = "(SELECT value FROM meta WHERE key = 'indexed_through')";

    /// <summary>Whether a failure may come from a damaged index.</summary>
    internal static bool MayBeCauseOf(SqliteException failure) => failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_ERROR;

    /// <summary>Whether the index is detached, and being filled anew.</summary>
    internal static bool IsDetached(SqliteConnection connection) => connection.Scalar<long>("SELECT count(*) FROM meta WHERE key = 'indexed_through'") > 0;

    /// <summary>From now on messages are written without the index.</summary>
    internal static void Detach(SqliteConnection connection)
    {
        connection.Execute("DROP TRIGGER IF EXISTS message_added; DROP TRIGGER IF EXISTS message_removed");
        connection.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('indexed_through', -1)");
    }

    /// <summary>Goes on with filling the index. False when it is whole, and attached again.</summary>
    internal static bool Mend(SqliteConnection connection)
    {
        if (connection.Scalar<long>($"SELECT {Through}") < 0)
        {
            Empty(connection);
            return true;
        }

        connection.Execute("INSERT INTO meta (key, value) SELECT 'indexing_from', value FROM meta WHERE key = 'indexed_through'");
        connection.Execute(
            $"""
            UPDATE meta SET value = coalesce(
                (SELECT max(sequence) FROM (SELECT sequence FROM message WHERE sequence > {Through} ORDER BY sequence LIMIT $step)), value)
            WHERE key = 'indexed_through'
            """,
            ("$step", Step));
        const string from = "(SELECT value FROM meta WHERE key = 'indexing_from')";
        connection.Execute(
            $"INSERT INTO message_text (rowid, text) SELECT sequence, text FROM message WHERE sequence > {from} AND sequence <= {Through} AND kind <> 'topic' ORDER BY sequence");
        bool isDone = connection.Scalar<long>($"SELECT {from} = {Through}") != 0;
        connection.Execute("DELETE FROM meta WHERE key = 'indexing_from'");
        if (isDone)
            Attach(connection);
        return !isDone;
    }

    /// <summary>Makes the whole index anew, at once.</summary>
    internal static void Rebuild(SqliteConnection connection)
    {
        Detach(connection);
        while (Mend(connection))
        {
        }
    }

    /// <summary>Whatever is wrong with the index, it goes with its table. What is removed meanwhile is taken out of the index if it is in there already.</summary>
    private static void Empty(SqliteConnection connection)
    {
        Drop(connection);
        connection.Execute(Schema.MessageText);
        connection.Execute(
            $"""
            CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.kind <> 'topic' AND old.sequence <= {Through} BEGIN
                INSERT INTO message_text (message_text, rowid, text) VALUES ('delete', old.sequence, old.text);
            END
            """);
        connection.Execute("UPDATE meta SET value = 0 WHERE key = 'indexed_through'");
    }

    /// <summary>FTS5 cannot drop what it cannot read: the tables behind the index are then made those of an empty one first.</summary>
    private static void Drop(SqliteConnection connection)
    {
        const string drop = "DROP TABLE IF EXISTS message_text";
        try
        {
            connection.Execute(drop);
        }
        catch (SqliteException e) when (MayBeCauseOf(e))
        {
            connection.Execute(
                """
                CREATE TABLE IF NOT EXISTS message_text_data (id INTEGER PRIMARY KEY, block BLOB);
                CREATE TABLE IF NOT EXISTS message_text_idx (segid, term, pgno, PRIMARY KEY (segid, term)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS message_text_config (k PRIMARY KEY, v) WITHOUT ROWID;
                DELETE FROM message_text_data;
                DELETE FROM message_text_idx;
                INSERT OR REPLACE INTO message_text_config (k, v) VALUES ('version', 4);
                INSERT INTO message_text_data (id, block) VALUES (1, x''), (10, x'00000000000000');
                """);
            connection.Execute(drop);
        }
    }

    private static void Attach(SqliteConnection connection)
    {
        connection.Execute("DROP TRIGGER message_removed");
        connection.Execute(Schema.MessageTriggers);
        connection.Execute("DELETE FROM meta WHERE key = 'indexed_through'");
    }
}

using ErlChat.History;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.History;

/// <summary>Writes rows of history. Writing a row again changes nothing, so a replay may deliver rows that exist already.</summary>
internal static class HistoryInsert
{
    private const string InsertMessage = """
        INSERT OR IGNORE INTO message
            (sequence, kind, at, room, room_name, nick, name, user_id, to_nick, to_name, to_user_id, text, reply_to)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string InsertParticipant = "INSERT OR IGNORE INTO participant (session, sequence, own) VALUES (?, ?, ?)";

    /// <summary>Writes the rows, and the sequence up to which the history is now complete.</summary>
    internal static void Run(SqliteConnection connection, ReadOnlySpan<HistoryRow> rows)
    {
        if (rows.IsEmpty)
            return;
        Insert(connection, rows);
        connection.Execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('history_through', $sequence)", ("$sequence", rows[^1].Mail.Sequence));
    }

    private static void Insert(SqliteConnection connection, ReadOnlySpan<HistoryRow> rows)
    {
        using var message = new Statement(connection, InsertMessage);
        using var participant = new Statement(connection, InsertParticipant);
        using var reactions = new ReactionInsert(connection);
        using SearchIndexInsert? index = SearchIndex.Open(connection);
        foreach (HistoryRow row in rows)
        {
            if (row.IsChange)
            {
                Change(connection, row);
                continue;
            }

            if (row.IsReaction)
            {
                reactions.Run(row.Mail);
                continue;
            }

            BindTo(message, row).Run();

            // A message that already exists, such as the other copy of a private message, is in the index already.
            if (raw.sqlite3_changes(connection.Handle) > 0 && row.Mail.Content.Words is { } words)
                index?.Run(row.Mail.Sequence, words);
            if (row.Mail.Content is Whisper whisper)
                participant.Bind(1, HistoryRow.KeyOf(row.Reader)).Bind(2, row.Mail.Sequence).Bind(3, whisper.Own ? 1 : 0).Run();
        }
    }

    /// <summary>Changes are rare, so their statements are prepared for each.</summary>
    private static void Change(SqliteConnection connection, HistoryRow row)
    {
        // What was there must not stay readable in free space of the file.
        connection.Overwriting(one =>
        {
            using var change = new ChangeInsert(one);
            change.Run(row.Mail);
            return true;
        });
    }

    private static Statement BindTo(Statement message, HistoryRow row)
    {
        StoredMessage stored = StoredMessage.Of(row.Mail.Content);
        (string kind, Person who, Person? to, string text) = stored;
        return message
            .Bind(1, row.Mail.Sequence)
            .Bind(2, kind)
            .Bind(3, UnixTime.Of(row.Mail.At))
            .Bind(4, row.Room is null ? null : HistoryRow.Canonical(row.Room))
            .Bind(5, row.Room)
            .Bind(6, who.Nick)
            .Bind(7, who.Name)
            .Bind(8, who.UserId)
            .Bind(9, to?.Nick)
            .Bind(10, to?.Name)
            .Bind(11, to?.UserId)
            .Bind(12, text)
            .Bind(13, stored.Parent);
    }
}

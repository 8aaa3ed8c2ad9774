using System.Globalization;
using System.Text;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>Reads pages of history. Nothing is read beyond what a page has room for.</summary>
internal static class HistorySelect
{
    private const string Columns = "m.sequence, m.kind, m.at, m.room_name, m.nick, m.name, m.user_id, m.to_nick, m.to_name, m.to_user_id, m.text";

    internal static MailPage Room(SqliteConnection connection, string room, long before, PageSize size)
    {
        using SqliteCommand command = connection.Command(
            $"SELECT {Columns}, 0 FROM message m WHERE m.room = $room AND m.sequence < $before ORDER BY m.sequence DESC LIMIT $limit",
            ("$room", HistoryRow.Canonical(room)),
            ("$before", before),
            ("$limit", size.Items + 1L));
        return Read(command, size);
    }

    internal static MailPage Private(SqliteConnection connection, SessionKey reader, Correspondent with, long before, PageSize size)
    {
        // Nicks are ASCII, which is all that NOCASE knows.
        using SqliteCommand command = connection.Command(
            $"""
            SELECT {Columns}, p.own FROM participant p JOIN message m ON m.sequence = p.sequence
            WHERE p.session = $reader AND p.sequence < $before
                AND ($nick IS NULL OR CASE WHEN p.own THEN m.to_nick ELSE m.nick END = $nick COLLATE NOCASE)
                AND ($id IS NULL OR CASE WHEN p.own THEN m.to_user_id ELSE m.user_id END = $id)
            ORDER BY p.sequence DESC LIMIT $limit
            """,
            ("$reader", HistoryRow.KeyOf(reader)),
            ("$nick", with.Nick ?? (object)DBNull.Value),
            ("$id", with.UserId ?? (object)DBNull.Value),
            ("$before", before),
            ("$limit", size.Items + 1L));
        return Read(command, size);
    }

    internal static MailPage Search(SqliteConnection connection, SearchQuery query, SearchScope scope, long before, PageSize size)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Parameters.AddWithValue("$match", MatchOf(query));
        command.Parameters.AddWithValue("$before", before);
        command.Parameters.AddWithValue("$limit", size.Items + 1L);
        command.Parameters.AddWithValue("$reader", scope.Private is { } reader ? HistoryRow.KeyOf(reader) : DBNull.Value);
        var rooms = new StringBuilder();
        for (int i = 0; i < scope.Rooms.Count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"$room{i}");
            rooms.Append(i == 0 ? "" : ", ").Append(name);
            command.Parameters.AddWithValue(name, HistoryRow.Canonical(scope.Rooms[i]));
        }

        command.CommandText = $"""
            SELECT {Columns}, coalesce(p.own, 0) FROM message_text f
            JOIN message m ON m.sequence = f.rowid
            LEFT JOIN participant p ON p.session = $reader AND p.sequence = m.sequence
            WHERE f.message_text MATCH $match AND f.rowid < $before AND (m.room IN ({rooms}) OR p.sequence IS NOT NULL)
            ORDER BY f.rowid DESC LIMIT $limit
            """;
        return Read(command, size);
    }

    /// <summary>The query in FTS5's words: every phrase in quotes. The phrases have letters, digits and blanks only, so nothing of MATCH's syntax gets through.</summary>
    internal static string MatchOf(SearchQuery query) => string.Join(" AND ", query.Phrases.Select(phrase => $"\"{string.Join(' ', phrase)}\""));

    private static MailPage Read(SqliteCommand command, PageSize size)
    {
        var page = new PageBuilder(size);
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read() && page.TryAdd(new Mail(rows.GetInt64(0), UnixTime.At(rows.GetInt64(2)), ContentOf(rows))))
        {
        }

        return page.Build();
    }

    private static MailContent ContentOf(SqliteDataReader row)
    {
        var who = new Person(row.GetString(4), row.GetString(5), row.GetString(6));
        string text = row.GetString(10);
        return row.GetString(1) switch
        {
            HistoryKind.Said => new Spoken(row.GetString(3), who, text, Action: false, Own: false),
            HistoryKind.Action => new Spoken(row.GetString(3), who, text, Action: true, Own: false),
            HistoryKind.Topic => new TopicChanged(row.GetString(3), who, text),
            HistoryKind.Private => new Whisper(who, new Person(row.GetString(7), row.GetString(8), row.GetString(9)), text, row.GetInt64(11) != 0),
            string kind => throw new InvalidDataException($"A message of kind '{kind}'."),
        };
    }
}

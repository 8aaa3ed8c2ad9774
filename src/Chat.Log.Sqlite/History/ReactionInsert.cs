using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.History;

/// <summary>Writes reactions to messages. Doing it again changes nothing, and a message that was deleted gets none.</summary>
/// <remarks>Dispose it before its connection.</remarks>
internal sealed class ReactionInsert(SqliteConnection connection) : IDisposable
{
    private readonly Statement _mark = new(connection, """
        INSERT INTO message_reacted (message, room, sequence, at)
        SELECT m.sequence, m.room, ?2, ?3 FROM message m
        WHERE m.sequence = ?1 AND m.kind <> 'topic'
            AND NOT EXISTS (SELECT 1 FROM message_change c WHERE c.message = m.sequence AND c.kind > 0)
            AND NOT EXISTS (SELECT 1 FROM message_reacted r WHERE r.message = m.sequence AND r.sequence >= ?2)
        ON CONFLICT (message) DO UPDATE SET sequence = excluded.sequence, at = excluded.at
        """);

    private readonly Statement _add = new(
        connection, "INSERT OR IGNORE INTO reaction (message, user_id, emoji, nick, since, at) VALUES (?, ?, ?, ?, ?, ?)");

    private readonly Statement _remove = new(connection, "DELETE FROM reaction WHERE message = ? AND user_id = ? AND emoji = ?");

    internal void Run(Mail mail)
    {
        var changed = (ReactionsChanged)mail.Content;
        _mark.Bind(1, changed.Message).Bind(2, mail.Sequence).Bind(3, UnixTime.Of(mail.At)).Run();
        if (SQLitePCL.raw.sqlite3_changes(connection.Handle) == 0)
            return;
        foreach (ReactionMade made in changed.Changes)
        {
            if (made.On)
            {
                _add.Bind(1, changed.Message).Bind(2, made.UserId).Bind(3, made.Emoji).Bind(4, made.Nick)
                    .Bind(5, mail.Sequence).Bind(6, UnixTime.Of(mail.At)).Run();
            }
            else
            {
                _remove.Bind(1, changed.Message).Bind(2, made.UserId).Bind(3, made.Emoji).Run();
            }
        }
    }

    public void Dispose()
    {
        _mark.Dispose();
        _add.Dispose();
        _remove.Dispose();
    }
}

using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Postings;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.History;

/// <summary>
/// Does to messages in the tables what was done to them. The earlier text is kept for those who moderate the room. Of a message that was
/// deleted, nothing is kept but that it was edited, and when, and no reactions. Doing it again changes nothing.
/// </summary>
/// <remarks>Dispose it before its connection.</remarks>
internal sealed class ChangeInsert(SqliteConnection connection) : IDisposable
{
    /// <summary>The condition that a change is newer than what was done before, and the message was not deleted.</summary>
    private const string IsNext =
        "NOT EXISTS (SELECT 1 FROM message_change c WHERE c.message = m.sequence AND (c.kind > 0 OR c.sequence >= ?2))";

    private readonly long _indexed = SearchIndex.Through(connection);

    private readonly Statement _keep = new(connection, $"""
        INSERT OR IGNORE INTO earlier_text (message, sequence, at, text)
        SELECT m.sequence, ?2, coalesce((SELECT at FROM message_change WHERE message = m.sequence), m.at),
            CASE WHEN m.room IS NULL THEN '' ELSE m.text END
        FROM message m WHERE m.sequence = ?1 AND {IsNext}
        """);

    private readonly Statement _empty = new(connection, "UPDATE earlier_text SET text = '' WHERE message = ? AND text <> ''");

    private readonly Statement _unreact = new(connection, "DELETE FROM reaction WHERE message = ?");

    private readonly Statement _forget = new(connection, "DELETE FROM message_reacted WHERE message = ?");

    private readonly Statement _change = new(
        connection, $"UPDATE message AS m SET text = ?3 WHERE m.sequence = ?1 AND m.kind <> 'topic' AND {IsNext}");

    private readonly Statement _mark = new(connection, $"""
        INSERT OR REPLACE INTO message_change (message, room, sequence, at, kind)
        SELECT m.sequence, m.room, ?2, ?3, ?4 FROM message m WHERE m.sequence = ?1 AND m.kind <> 'topic' AND {IsNext}
        """);

    internal void Run(Mail change)
    {
        long message = ChangedMessage.RefOf(change)!.Sequence;
        (MessageChange done, string text) = ChangedMessage.Of(change);
        if (done.IsRemoval)
        {
            _empty.Bind(1, message).Run();
            _unreact.Bind(1, message).Run();
            _forget.Bind(1, message).Run();
        }
        else
        {
            _keep.Bind(1, message).Bind(2, done.Sequence).Run();
        }

        _change.Bind(1, message).Bind(2, done.Sequence).Bind(3, text).Run();
        bool isDone = SQLitePCL.raw.sqlite3_changes(connection.Handle) > 0;
        _mark.Bind(1, message).Bind(2, done.Sequence).Bind(3, UnixTime.Of(done.At)).Bind(4, (long)done.Kind).Run();
        if (isDone && message <= _indexed)
            Index(message, done.IsRemoval ? null : text);
    }

    public void Dispose()
    {
        _keep.Dispose();
        _empty.Dispose();
        _unreact.Dispose();
        _forget.Dispose();
        _change.Dispose();
        _mark.Dispose();
    }

    private void Index(long message, string? text)
    {
        connection.Execute("DELETE FROM message_text WHERE rowid = $message", ("$message", message));
        if (text is null)
            return;
        using var insert = new SearchIndexInsert(connection);
        insert.Run(message, text);
    }
}

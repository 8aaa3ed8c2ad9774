using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Postgres.Nodes;
using ErlChat.Postings;
using ErlChat.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace ErlChat.Postgres.History;

/// <summary>
/// Does to messages in the tables what was done to them, and writes how far the history has come with that. The earlier text is kept for
/// those who moderate the room. Of a message that was deleted, nothing is kept but that it was edited, and when.
/// </summary>
/// <remarks>One statement, as <see cref="HistoryInsert"/> is. Its parts do not see each other's work.</remarks>
internal static class ChangeInsert
{
    private static readonly string s_sql = $"""
        WITH place AS MATERIALIZED (
            SELECT value::bigint AS through FROM meta WHERE key = 'history_through' AND {WorkTerm.Condition(9)} FOR UPDATE),
        change AS MATERIALIZED (
            SELECT r.*, m.room, m.text AS before, coalesce(c.at, m.at) AS written
            FROM place, unnest($3, $4, $5, $6, $7, $8) AS r (message, sequence, at, kind, text, words)
                JOIN message m ON m.sequence = r.message AND m.kind <> 'topic'
                LEFT JOIN message_change c ON c.message = r.message
            WHERE r.sequence > through AND through >= $1 AND (c.message IS NULL OR (c.kind = 0 AND c.sequence < r.sequence))),
        kept AS (
            INSERT INTO earlier_text (message, sequence, at, text)
            SELECT message, sequence, written, CASE WHEN room IS NULL THEN '' ELSE before END FROM change WHERE kind = 0
            ON CONFLICT DO NOTHING),
        emptied AS (UPDATE earlier_text AS e SET text = '' FROM change WHERE e.message = change.message AND change.kind > 0),
        unreacted AS (DELETE FROM reaction AS r USING change WHERE r.message = change.message AND change.kind > 0),
        forgotten AS (DELETE FROM message_reacted AS r USING change WHERE r.message = change.message AND change.kind > 0),
        changed AS (
            UPDATE message AS m SET text = change.text, words = change.words::tsvector FROM change WHERE m.sequence = change.message),
        marked AS (
            INSERT INTO message_change (message, room, sequence, at, kind) SELECT message, room, sequence, at, kind FROM change
            ON CONFLICT (message) DO UPDATE SET sequence = EXCLUDED.sequence, at = EXCLUDED.at, kind = EXCLUDED.kind),
        moved AS (
            UPDATE meta SET value = $2::text FROM place WHERE key = 'history_through' AND through >= $1 AND through < $2)
        SELECT through FROM place
        """;

    /// <summary>Carries out changes of different messages.</summary>
    /// <param name="changes">In the order of their sequences.</param>
    /// <inheritdoc cref="HistoryInsert.RunAsync"/>
    internal static async Task<long?> RunAsync(
        NpgsqlConnection connection, IReadOnlyList<Mail> changes, long floor, long through, WorkTerm term)
    {
        await using var command = new NpgsqlCommand(s_sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = floor });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        (long Message, (MessageChange Done, string Text) What)[] all =
            [.. changes.Select(static change => (ChangedMessage.RefOf(change)!.Sequence, ChangedMessage.Of(change)))];
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(all, static one => one.Message));
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(all, static one => one.What.Done.Sequence));
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(all, static one => UnixTime.Of(one.What.Done.At)));
        command.AddArray(NpgsqlDbType.Integer, Array.ConvertAll(all, static one => (int)one.What.Done.Kind));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(all, static one => HistoryInsert.Storable(one.What.Text)));
        command.AddArray(
            NpgsqlDbType.Text,
            Array.ConvertAll(all, static one => one.What.Done.IsRemoval ? null : SearchTokens.VectorOf(one.What.Text)));
        term.AddTo(command);
        return (long?)await command.ExecuteScalarAsync();
    }
}

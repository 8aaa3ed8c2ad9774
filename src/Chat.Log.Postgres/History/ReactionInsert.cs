using ErlChat.Mailboxes;
using ErlChat.Postgres.Nodes;
using ErlChat.Postings;
using ErlChat.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace ErlChat.Postgres.History;

/// <summary>
/// Writes reactions to messages, and how far the history has come with that. A message that was deleted gets none.
/// </summary>
/// <remarks>One statement, as <see cref="HistoryInsert"/> is. Its parts do not see each other's work.</remarks>
internal static class ReactionInsert
{
    private static readonly string s_sql = $"""
        WITH place AS MATERIALIZED (
            SELECT value::bigint AS through FROM meta WHERE key = 'history_through' AND {WorkTerm.Condition(11)} FOR UPDATE),
        reacted AS MATERIALIZED (
            SELECT r.*, m.room
            FROM place, unnest($3, $4, $5) AS r (message, sequence, at)
                JOIN message m ON m.sequence = r.message AND m.kind <> 'topic'
                LEFT JOIN message_reacted b ON b.message = r.message
            WHERE r.sequence > through AND through >= $1 AND (b.message IS NULL OR b.sequence < r.sequence)
                AND NOT EXISTS (SELECT FROM message_change c WHERE c.message = r.message AND c.kind > 0)),
        change AS MATERIALIZED (
            SELECT message, user_id, emoji, nick, is_on, sequence, at
            FROM reacted JOIN unnest($6, $7, $8, $9, $10) AS c (message, user_id, emoji, nick, is_on) USING (message)),
        added AS (
            INSERT INTO reaction (message, user_id, emoji, nick, since, at)
            SELECT message, user_id, emoji, nick, sequence, at FROM change WHERE is_on
            ON CONFLICT DO NOTHING),
        removed AS (
            DELETE FROM reaction AS r USING change AS c
            WHERE NOT c.is_on AND r.message = c.message AND r.user_id = c.user_id AND r.emoji = c.emoji),
        marked AS (
            INSERT INTO message_reacted (message, room, sequence, at) SELECT message, room, sequence, at FROM reacted
            ON CONFLICT (message) DO UPDATE SET sequence = EXCLUDED.sequence, at = EXCLUDED.at),
        moved AS (
            UPDATE meta SET value = $2::text FROM place WHERE key = 'history_through' AND through >= $1 AND through < $2)
        SELECT through FROM place
        """;

    /// <summary>Writes the reactions to different messages.</summary>
    /// <param name="mail">In the order of their sequences.</param>
    /// <inheritdoc cref="HistoryInsert.RunAsync"/>
    internal static async Task<long?> RunAsync(
        NpgsqlConnection connection, IReadOnlyList<Mail> mail, long floor, long through, WorkTerm term)
    {
        await using var command = new NpgsqlCommand(s_sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = floor });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        Mail[] all = [.. mail];
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(all, static one => ((ReactionsChanged)one.Content).Message));
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(all, static one => one.Sequence));
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(all, static one => UnixTime.Of(one.At)));
        (long Message, ReactionMade Made)[] changes =
        [
            .. all
                .Select(static one => (ReactionsChanged)one.Content)
                .SelectMany(static one => one.Changes.Select(made => (one.Message, made))),
        ];
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(changes, static one => one.Message));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(changes, static one => HistoryInsert.Storable(one.Made.UserId)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(changes, static one => HistoryInsert.Storable(one.Made.Emoji)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(changes, static one => HistoryInsert.Storable(one.Made.Nick)));
        command.AddArray(NpgsqlDbType.Boolean, Array.ConvertAll(changes, static one => one.Made.On));
        term.AddTo(command);
        return (long?)await command.ExecuteScalarAsync();
    }
}

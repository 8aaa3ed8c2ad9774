using ErlChat.History;
using ErlChat.Postings;
using ErlChat.Serialization;
using ErlChat.Sessions;
using Npgsql;

namespace ErlChat.Postgres.History;

/// <summary>Reads reactions.</summary>
internal static class ReactionSelect
{
    /// <summary>Counts the reactions to messages. Not all of a message's rows are read, only those that are needed.</summary>
    internal static async Task<IReadOnlyDictionary<long, MessageReactions>> CountAsync(
        NpgsqlConnection connection, IReadOnlyCollection<long> messages, ReactionTally tally, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT c.message, c.sequence, r.emoji, r.user_id, r.nick, r.since, r.at, r.total
            FROM message_reacted c LEFT JOIN (
                SELECT *, row_number() OVER (PARTITION BY message, emoji ORDER BY since, user_id) AS place,
                    count(*) OVER (PARTITION BY message, emoji) AS total
                FROM reaction WHERE message = ANY ($1)) r
                ON r.message = c.message AND (r.place <= $2 OR r.user_id = ANY ($3))
            WHERE c.message = ANY ($1) ORDER BY c.message, r.since, r.user_id
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. messages] });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = tally.Rows });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. tally.Users] });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            tally.AddThrough(rows.GetInt64(0), rows.GetInt64(1));
            if (rows.IsDBNull(2))
                continue;
            tally.Add(
                new StoredReaction(
                    rows.GetInt64(0),
                    rows.GetString(2),
                    rows.GetString(3),
                    rows.GetString(4),
                    rows.GetInt64(5),
                    UnixTime.At(rows.GetInt64(6))),
                (int)rows.GetInt64(7));
        }

        return tally.Build();
    }

    /// <summary>
    /// The messages of a room, or a reader's private ones, whose reactions changed after an entry. Also what this node has not applied yet:
    /// an older state of a message is not there any more.
    /// </summary>
    internal static async Task<ReactedPage> ChangedAsync(
        NpgsqlConnection connection, string? room, SessionKey reader, long since, PageSize size, CancellationToken cancellationToken)
    {
        string some = room is not null
            ? "NULL FROM message_reacted c JOIN message m ON m.sequence = c.message WHERE c.room = $1 AND m.room = $1"
            : "CASE WHEN p.own THEN m.to_user_id ELSE m.user_id END FROM participant p "
                + "JOIN message_reacted c ON c.message = p.sequence "
                + "JOIN message m ON m.sequence = p.sequence WHERE p.session = $1 AND m.room IS NULL";
        await using var command = new NpgsqlCommand(
            $"SELECT c.message, c.sequence, c.at, {some} AND c.sequence > $2 ORDER BY c.sequence LIMIT $3", connection);
        if (room is not null)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = HistoryRow.Canonical(room) });
        else
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = HistoryRow.KeyOf(reader) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = since });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size.Items + 1L });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<ReactedMessage>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(new ReactedMessage(
                rows.GetInt64(0), rows.GetInt64(1), UnixTime.At(rows.GetInt64(2)), rows.IsDBNull(3) ? null : rows.GetString(3)));
        }

        return Reacting.PageOf(found, size);
    }

    /// <summary>A part of a person's reactions: all of those to some messages.</summary>
    internal static async Task<PersonReactions> OfAsync(
        NpgsqlConnection connection, string userId, long before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            WITH some AS MATERIALIZED (
                SELECT DISTINCT message FROM reaction WHERE user_id = $1 AND message < $2 ORDER BY message DESC LIMIT {PersonReactions.Span})
            SELECT r.message, m.room_name, r.emoji, r.at
            FROM some JOIN reaction r ON r.message = some.message AND r.user_id = $1 JOIN message m ON m.sequence = r.message
            ORDER BY r.message DESC, r.since
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = userId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<PersonReaction>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(new PersonReaction(
                rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.GetString(2), UnixTime.At(rows.GetInt64(3))));
        }

        return new PersonReactions(found, found.Count > 0 ? found[^1].Message : 0);
    }
}

using System.Globalization;
using ErlChat.History;
using ErlChat.Postings;
using ErlChat.Serialization;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.History;

/// <summary>Reads reactions.</summary>
/// <remarks>For connections of a <see cref="ReaderPool"/>.</remarks>
internal static class ReactionSelect
{
    /// <summary>Counts the reactions to messages. Not all of a message's rows are read, only those that are needed.</summary>
    internal static IReadOnlyDictionary<long, MessageReactions> Count(
        SqliteConnection connection, IReadOnlyCollection<long> messages, ReactionTally tally)
    {
        string some = string.Join(", ", messages.Select(static one => one.ToString(CultureInfo.InvariantCulture)));
        string users = string.Join(", ", Enumerable.Range(0, tally.Users.Count).Select(User));
        using SqliteCommand command = connection.Command(
            $"""
            SELECT c.message, c.sequence, r.emoji, r.user_id, r.nick, r.since, r.at, r.total
            FROM message_reacted c LEFT JOIN (
                SELECT *, row_number() OVER (PARTITION BY message, emoji ORDER BY since, user_id) AS place,
                    count(*) OVER (PARTITION BY message, emoji) AS total
                FROM reaction WHERE message IN ({some})) r
                ON r.message = c.message AND (r.place <= $rows OR r.user_id IN ({users}))
            WHERE c.message IN ({some}) ORDER BY c.message, r.since, r.user_id
            """,
            ("$rows", tally.Rows));
        for (int i = 0; i < tally.Users.Count; i++)
            command.Parameters.AddWithValue(User(i), tally.Users[i]);
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
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
                rows.GetInt32(7));
        }

        return tally.Build();
    }

    /// <summary>The messages of a room, or a reader's private ones, whose reactions changed after an entry.</summary>
    internal static ReactedPage Changed(SqliteConnection connection, string? room, SessionKey reader, long since, PageSize size)
    {
        // As for edits: a reader's own messages are looked through, and a CROSS JOIN keeps its order.
        string some = room is not null
            ? "NULL FROM message_reacted c JOIN message m ON m.sequence = c.message WHERE c.room = $room AND m.room = $room"
            : "CASE WHEN p.own THEN m.to_user_id ELSE m.user_id END FROM participant p "
                + "CROSS JOIN message_reacted c ON c.message = p.sequence "
                + "CROSS JOIN message m ON m.sequence = p.sequence WHERE p.session = $reader AND m.room IS NULL";
        using SqliteCommand command = connection.Command(
            $"SELECT c.message, c.sequence, c.at, {some} AND c.sequence > $since ORDER BY c.sequence LIMIT $limit",
            ("$room", room is null ? null : HistoryRow.Canonical(room)),
            ("$reader", HistoryRow.KeyOf(reader)),
            ("$since", since),
            ("$limit", size.Items + 1L));
        using SqliteDataReader rows = command.ExecuteReader();
        var found = new List<ReactedMessage>();
        while (rows.Read())
        {
            found.Add(new ReactedMessage(
                rows.GetInt64(0), rows.GetInt64(1), UnixTime.At(rows.GetInt64(2)), rows.IsDBNull(3) ? null : rows.GetString(3)));
        }

        return Reacting.PageOf(found, size);
    }

    /// <summary>A part of a person's reactions: all of those to some messages.</summary>
    internal static PersonReactions Of(SqliteConnection connection, string userId, long before)
    {
        using SqliteTransaction moment = connection.BeginTransaction(deferred: true);
        (string, object?)[] parameters = [("$user", userId), ("$before", before), ("$span", PersonReactions.Span)];
        long first = connection.Scalar<long>(
            "SELECT min(message) FROM (SELECT DISTINCT message FROM reaction WHERE user_id = $user AND message < $before "
            + "ORDER BY message DESC LIMIT $span)",
            parameters);
        using SqliteCommand command = connection.Command(
            "SELECT r.message, m.room_name, r.emoji, r.at FROM reaction r JOIN message m ON m.sequence = r.message "
            + "WHERE r.user_id = $user AND r.message < $before AND r.message >= $first ORDER BY r.message DESC, r.since",
            [.. parameters, ("$first", first)]);
        using SqliteDataReader rows = command.ExecuteReader();
        var found = new List<PersonReaction>();
        while (rows.Read())
        {
            found.Add(new PersonReaction(
                rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.GetString(2), UnixTime.At(rows.GetInt64(3))));
        }

        return new PersonReactions(found, first);
    }

    private static string User(int number) => string.Create(CultureInfo.InvariantCulture, $"$user{number}");
}

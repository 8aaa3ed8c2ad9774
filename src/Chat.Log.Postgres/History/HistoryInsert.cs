using System.Text;
using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postgres.Nodes;
using ErlChat.Postings;
using ErlChat.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace ErlChat.Postgres.History;

/// <summary>
/// Writes rows of the history, and how far it has come with them. Rows that are there already change nothing, so two nodes may write the
/// same ones.
/// </summary>
/// <remarks>
/// One statement, which the server executes only once it has all of it: a node that is frozen in the middle of sending holds no lock. The
/// row of <c>meta</c> serializes the writers.
/// </remarks>
internal static class HistoryInsert
{
    private static readonly string s_sql = $"""
        WITH place AS MATERIALIZED (
            SELECT value::bigint AS through FROM meta WHERE key = 'history_through' AND {WorkTerm.Condition(21)} FOR UPDATE),
        messages AS (
            INSERT INTO message
                (sequence, kind, at, room, room_name, nick, name, user_id, to_nick, to_name, to_user_id, text, words, reply_to)
            SELECT r.sequence, kind, at, room, room_name, nick, name, user_id, to_nick, to_name, to_user_id, text, words::tsvector, reply_to
            FROM place, unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
                AS r (
                    sequence, kind, at, room, room_name, nick, name, user_id, to_nick, to_name, to_user_id, text, words, reply_to)
            WHERE r.sequence > through AND through >= $1
            ON CONFLICT DO NOTHING),
        participants AS (
            INSERT INTO participant (sequence, session, other, own)
            SELECT r.* FROM place, unnest($17, $18, $19, $20) AS r (sequence, session, other, own)
            WHERE r.sequence > through AND through >= $1
            ON CONFLICT DO NOTHING),
        moved AS (
            UPDATE meta SET value = $2::text FROM place WHERE key = 'history_through' AND through >= $1 AND through < $2)
        SELECT through FROM place
        """;

    /// <summary>
    /// Writes rows in as many statements as it takes: messages, what was done to messages, and reactions need different ones, and no
    /// statement does two things to one message.
    /// </summary>
    /// <inheritdoc cref="RunAsync" path="/param"/>
    /// <inheritdoc cref="RunAsync" path="/returns"/>
    internal static async Task<long?> RunAllAsync(
        NpgsqlConnection connection, IReadOnlyList<HistoryRow> rows, long floor, long through, WorkTerm term)
    {
        long? before = null;
        for (int from = 0; ;)
        {
            int count = CountAlike(rows, from);
            HistoryRow[] part = [.. rows.Skip(from).Take(count)];
            from += count;
            bool isLast = from == rows.Count;
            long to = isLast ? through : part[^1].Mail.Sequence;
            Mail[] mail = [.. part.DistinctBy(static row => row.Mail.Sequence).Select(static row => row.Mail)];
            long? had = part switch
            {
                [{ IsChange: true }, ..] => await ChangeInsert.RunAsync(connection, mail, floor, to, term),
                [{ IsReaction: true }, ..] => await ReactionInsert.RunAsync(connection, mail, floor, to, term),
                _ => await RunAsync(connection, part, floor, to, term),
            };
            before ??= had;
            if (isLast || had is null || had < floor)
                return had is null ? null : before;
        }
    }

    /// <summary>How many rows from one on can be written with one statement.</summary>
    internal static int CountAlike(IReadOnlyList<HistoryRow> rows, int from)
    {
        var changed = new Dictionary<long, long>();
        int count = from;
        while (count < rows.Count && (rows[count].IsChange, rows[count].IsReaction) == (rows[from].IsChange, rows[from].IsReaction))
        {
            // The two copies of a private change are one.
            if (rows[count].Mail is var mail && MessageOf(mail) is { } message
                && !changed.TryAdd(message, mail.Sequence) && changed[message] != mail.Sequence)
            {
                break;
            }

            count++;
        }

        return count - from;
    }

    /// <summary>The message that something is done to; null if the mail is a message itself.</summary>
    private static long? MessageOf(Mail mail) =>
        mail.Content is ReactionsChanged reacted ? reacted.Message : ChangedMessage.RefOf(mail)?.Sequence;

    /// <summary>Writes rows.</summary>
    /// <param name="rows">In the order of their sequences; all rows of each entry.</param>
    /// <param name="floor">Nothing is written if the history has not come so far yet, since a gap would remain.</param>
    /// <param name="through">How far the history has come with these rows.</param>
    /// <param name="term">The lease. Nothing is written if it has been lost.</param>
    /// <returns>How far the history had come before; null if the lease has been lost.</returns>
    private static async Task<long?> RunAsync(
        NpgsqlConnection connection, IReadOnlyList<HistoryRow> rows, long floor, long through, WorkTerm term)
    {
        await using var command = new NpgsqlCommand(s_sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = floor });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });

        // The two copies of a private message are one row.
        HistoryRow[] messages = [.. rows.DistinctBy(static row => row.Mail.Sequence)];
        StoredMessage[] stored = Array.ConvertAll(messages, static row => StoredMessage.Of(row.Mail.Content));
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(messages, static row => row.Mail.Sequence));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(stored, static one => one.Kind));
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(messages, static row => UnixTime.Of(row.Mail.At)));
        command.AddArray(
            NpgsqlDbType.Text,
            Array.ConvertAll(messages, static row => row.Room is null ? null : Storable(HistoryRow.Canonical(row.Room))));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(messages, static row => Storable(row.Room)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(stored, static one => Storable(one.Who.Nick)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(stored, static one => Storable(one.Who.Name)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(stored, static one => Storable(one.Who.UserId)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(stored, static one => Storable(one.To?.Nick)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(stored, static one => Storable(one.To?.Name)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(stored, static one => Storable(one.To?.UserId)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(stored, static one => Storable(one.Text)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(messages, static row =>
            row.Mail.Content.Words is { } words ? SearchTokens.VectorOf(words) : null));
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(stored, static one => one.Parent));

        HistoryRow[] copies = [.. rows.Where(static row => row.Mail.Content is Whisper)];
        command.AddArray(NpgsqlDbType.Bigint, Array.ConvertAll(copies, static row => row.Mail.Sequence));
        command.AddArray(NpgsqlDbType.Bytea, Array.ConvertAll(copies, static row => HistoryRow.KeyOf(row.Reader)));
        command.AddArray(NpgsqlDbType.Text, Array.ConvertAll(copies, static row => OtherOf(((Whisper)row.Mail.Content).OtherNick)));
        command.AddArray(NpgsqlDbType.Boolean, Array.ConvertAll(copies, static row => ((Whisper)row.Mail.Content).Own));
        term.AddTo(command);
        return (long?)await command.ExecuteScalarAsync();
    }

    /// <summary>Adds a column of rows that are written together, as a parameter for <c>unnest</c>.</summary>
    internal static void AddArray(this NpgsqlCommand command, NpgsqlDbType type, Array values) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values });

    /// <summary>A nick as the participant table has it.</summary>
    internal static string OtherOf(string nick) => Storable(Nick.KeyOf(nick))!;

    /// <summary>
    /// The text that the database can store: no NUL, and no half surrogate pairs, instead of which a replay has U+FFFD too.
    /// </summary>
    internal static string? Storable(string? text) =>
        text is null || (!text.Contains('\0') && text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0)
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');
}

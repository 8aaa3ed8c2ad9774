using System.Text.Json;
using ErlChat.Forgetting;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Postgres.Nodes;
using ErlChat.Postgres.Snapshots;
using ErlChat.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace ErlChat.Postgres.Forgetting;

/// <summary>What <see cref="PostgresPrivacy"/> asks of the database.</summary>
internal static class RedactionSql
{
    private const string Columns = "sequence, kind, origin, counter, at, body";

    internal static async Task<long> MetaAsync(NpgsqlConnection connection, string key) =>
        (long)(await ScalarAsync(connection, "SELECT coalesce((SELECT value::bigint FROM meta WHERE key = $1), 0)", key))!;

    internal static Task<object?> SetMetaAsync(NpgsqlConnection connection, string key, long value) => ScalarAsync(
        connection, "INSERT INTO meta VALUES ($1, $2::text) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value", key, value);

    /// <summary>The time of the first entry that may have an address; null if there is none.</summary>
    internal static async Task<DateTimeOffset?> OldestAddressAsync(NpgsqlConnection connection) => await ScalarAsync(
        connection,
        """
        SELECT at FROM entry WHERE sequence > coalesce((SELECT value::bigint FROM meta WHERE key = $1), 0) AND kind = ANY ($2)
        ORDER BY sequence LIMIT 1
        """,
        StoredPrivacy.AddressesThrough,
        Redaction.KindsWithAddresses.ToArray()) is long at ? UnixTime.At(at) : null;

    internal static async Task<long> NewestSnapshotAsync(NpgsqlConnection connection) =>
        (long)(await ScalarAsync(connection, "SELECT coalesce(max(sequence), 0) FROM snapshot"))!;

    /// <summary>What every node has applied that may still be running, as for the retention.</summary>
    internal static async Task<long> AppliedByAllAsync(NpgsqlConnection connection) => (long)(await ScalarAsync(
        connection,
        """
        SELECT coalesce(
            (SELECT min(applied) FROM node WHERE NOT closed AND beat > now() - interval '1 hour'),
            (SELECT max(sequence) FROM entry), 0)
        """))!;

    /// <summary>Removes the snapshots before an entry, and has starts use one that is not older.</summary>
    /// <returns>Whether there were any, or the lease has been lost.</returns>
    internal static async Task<bool> BeginAsync(NpgsqlConnection connection, long through, WorkTerm term)
    {
        await using var command = new NpgsqlCommand(
            $"""
            WITH lead AS MATERIALIZED (SELECT WHERE {WorkTerm.Condition(3)}),
            noted AS (
                INSERT INTO meta SELECT $2, $1::text FROM lead ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value),
            parts AS (DELETE FROM snapshot_part USING lead WHERE sequence < $1),
            removed AS (DELETE FROM snapshot USING lead WHERE sequence < $1 RETURNING 1)
            SELECT EXISTS (SELECT FROM removed) OR NOT EXISTS (SELECT FROM lead)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = LogBounds.RedactedKey });
        term.AddTo(command);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Looks through a number of entries.</summary>
    /// <returns>The last of them, 0 if there is none; and those of some kinds.</returns>
    internal static async Task<(long Last, List<(long Sequence, Entry? Entry)> Found)> FindAsync(
        NpgsqlConnection connection, long after, int count, IReadOnlyList<string> kinds)
    {
        long last = (long)(await ScalarAsync(
            connection,
            "SELECT coalesce(max(sequence), 0) FROM (SELECT sequence FROM entry WHERE sequence > $1 ORDER BY sequence LIMIT $2) AS next",
            after,
            count))!;
        await using NpgsqlCommand command = Command(
            connection,
            $"""
            SELECT {Columns} FROM entry WHERE sequence > $1 AND sequence <= $2 AND kind = ANY ($3)
            ORDER BY sequence
            """,
            after,
            last,
            kinds.ToArray());
        return (last, await ReadAsync(command));
    }

    /// <summary>What the history has of a message.</summary>
    internal static async Task<StoredEdits> EditsAsync(NpgsqlConnection connection, long message)
    {
        bool isRemoved = (bool)(await ScalarAsync(
            connection, "SELECT EXISTS (SELECT FROM message_change WHERE message = $1 AND kind > 0)", message))!;
        bool isThere = !isRemoved && (bool)(await ScalarAsync(
            connection, "SELECT EXISTS (SELECT FROM message WHERE sequence = $1)", message))!;
        var edits = (long[])(await ScalarAsync(
            connection, "SELECT ARRAY(SELECT sequence FROM earlier_text WHERE message = $1 ORDER BY sequence)", message))!;
        return new StoredEdits(isThere, isRemoved, edits);
    }

    /// <summary>Some entries between two sequences; null for those that cannot be read.</summary>
    internal static async Task<List<(long Sequence, Entry? Entry)>> PageAsync(
        NpgsqlConnection connection, long from, long through, IReadOnlyList<string>? kinds, int count)
    {
        await using NpgsqlCommand command = Command(
            connection,
            $"""
            SELECT {Columns} FROM entry WHERE sequence >= $1 AND sequence <= $2 AND (cardinality($3) = 0 OR kind = ANY ($3))
            ORDER BY sequence LIMIT $4
            """,
            from,
            through,
            kinds?.ToArray() ?? [],
            count);
        return await ReadAsync(command);
    }

    internal static async Task<int> UpdateAsync(NpgsqlConnection connection, IReadOnlyList<LogEntry> changes)
    {
        await using NpgsqlCommand command = Command(
            connection,
            "UPDATE entry SET body = new.body FROM unnest($1, $2) AS new (sequence, body) WHERE entry.sequence = new.sequence",
            changes.Select(static one => one.Sequence).ToArray(),
            changes.Select(static one => EntryCodec.Encode(one.Entry).Body).ToArray());
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Erases a person from some messages.</summary>
    /// <returns>Where to go on.</returns>
    internal static async Task<long> EraseMessagesAsync(
        NpgsqlConnection connection, Erased erased, long from, long through, int count) => (long)(await ScalarAsync(
        connection,
        """
        WITH part AS MATERIALIZED (
            SELECT sequence, kind, user_id, to_user_id FROM message WHERE sequence >= $1 AND sequence <= $2 ORDER BY sequence LIMIT $3),
        changed AS (
            UPDATE message AS m SET
                nick = CASE WHEN m.user_id = $4 THEN $5 ELSE m.nick END,
                name = CASE WHEN m.user_id = $4 THEN $5 ELSE m.name END,
                text = CASE WHEN m.user_id = $4 THEN '' ELSE m.text END,
                words = CASE WHEN m.user_id = $4 THEN NULL ELSE m.words END,
                to_nick = CASE WHEN m.to_user_id = $4 THEN $5 ELSE m.to_nick END,
                to_name = CASE WHEN m.to_user_id = $4 THEN $5 ELSE m.to_name END
            FROM part WHERE m.sequence = part.sequence AND (part.user_id = $4 OR part.to_user_id = $4)),
        texts AS (
            UPDATE earlier_text AS e SET text = '' FROM part WHERE e.message = part.sequence AND part.user_id = $4),
        copies AS (
            UPDATE participant AS p SET other = $5 FROM part
            WHERE p.sequence = part.sequence AND part.kind = 'private'
                AND CASE WHEN p.own THEN part.to_user_id ELSE part.user_id END = $4)
        SELECT CASE WHEN count(*) < $3 THEN $2 ELSE max(sequence) END + 1 FROM part
        """,
        from,
        through,
        count,
        erased.UserId,
        Person.ErasedNick))!;

    /// <summary>Removes the copies of private messages that only the person could read.</summary>
    internal static Task<object?> RemoveCopiesAsync(NpgsqlConnection connection, byte[] session) =>
        ScalarAsync(connection, "DELETE FROM participant WHERE session = $1", session);

    /// <summary>Removes a person's reactions.</summary>
    internal static Task<object?> RemoveReactionsAsync(NpgsqlConnection connection, string userId) =>
        ScalarAsync(connection, "DELETE FROM reaction WHERE user_id = $1", userId);

    private static async Task<List<(long Sequence, Entry? Entry)>> ReadAsync(NpgsqlCommand command)
    {
        var found = new List<(long Sequence, Entry? Entry)>();
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            found.Add((row.GetInt64(0), Decode(row)));
        return found;
    }

    /// <summary>The entry in a row; null if no node can read it.</summary>
    private static Entry? Decode(NpgsqlDataReader row)
    {
        try
        {
            return EntryCodec.Decode(
                new EntryRow(row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using NpgsqlCommand command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(value is string text
                ? new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = text }
                : new NpgsqlParameter { Value = value });
        }

        return command;
    }
}

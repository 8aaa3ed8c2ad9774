using ErlChat.Postgres.Nodes;
using Npgsql;

namespace ErlChat.Postgres.Upkeep;

/// <summary>
/// What retention asks of the database. Only the beginning of a table is ever removed, so that no holes arise: clocks of nodes differ, and
/// an entry that is still young keeps those behind it. Nothing is removed under a lease that has been lost.
/// </summary>
internal static class RetentionSql
{
    /// <summary>Rows of one transaction.</summary>
    private const int Batch = 1000;

    /// <summary>
    /// What live nodes have yet to read stays. A node that has not been heard of for an hour starts from a snapshot, also if no other node
    /// has declared it dead.
    /// </summary>
    private const string AppliedByAll =
        "coalesce((SELECT min(applied) FROM node WHERE NOT closed AND beat > now() - interval '1 hour'), 9223372036854775807)";

    /// <summary>Removes some messages; returns how many.</summary>
    internal static Task<long> RemoveMessagesAsync(NpgsqlConnection connection, long cut, long age, WorkTerm term) => ScalarAsync(
        connection,
        $"""
        WITH first AS (SELECT sequence, at FROM message WHERE {WorkTerm.Condition(3)} ORDER BY sequence LIMIT {Batch}),
        due AS (
            SELECT sequence FROM first WHERE sequence < coalesce(
                (SELECT min(sequence) FROM first WHERE NOT (sequence <= $1 OR at < $2)), 9223372036854775807)),
        copies AS (DELETE FROM participant WHERE sequence IN (SELECT sequence FROM due)),
        changes AS (DELETE FROM message_change WHERE message IN (SELECT sequence FROM due)),
        texts AS (DELETE FROM earlier_text WHERE message IN (SELECT sequence FROM due)),
        reactions AS (DELETE FROM reaction WHERE message IN (SELECT sequence FROM due)),
        reacted AS (DELETE FROM message_reacted WHERE message IN (SELECT sequence FROM due)),
        removed AS (DELETE FROM message WHERE sequence IN (SELECT sequence FROM due) RETURNING 1)
        SELECT count(*) FROM removed
        """,
        [cut, age],
        term);

    /// <summary>Removes some entries, up to a bound and never the newest; returns how many.</summary>
    internal static Task<long> RemoveEntriesAsync(
        NpgsqlConnection connection, long cut, long age, long bound, WorkTerm term) => ScalarAsync(
        connection,
        $"""
        WITH first AS (
            SELECT sequence, at FROM entry
            WHERE sequence <= $3 AND sequence <= {AppliedByAll} AND sequence < (SELECT max(sequence) FROM entry)
                AND {WorkTerm.Condition(4)}
            ORDER BY sequence LIMIT {Batch}),
        due AS (
            SELECT sequence FROM first WHERE sequence < coalesce(
                (SELECT min(sequence) FROM first WHERE NOT (sequence <= $1 OR at < $2)), 9223372036854775807)),
        removed AS (DELETE FROM entry WHERE sequence IN (SELECT sequence FROM due) RETURNING sequence),
        noted AS (
            INSERT INTO meta SELECT 'removed_through', max(sequence)::text FROM removed HAVING count(*) > 0
            ON CONFLICT (key) DO UPDATE SET value = greatest(meta.value::bigint, EXCLUDED.value::bigint)::text)
        SELECT count(*) FROM removed
        """,
        [cut, age, bound],
        term);

    /// <summary>Whether entries are due that only the age of the snapshots keeps.</summary>
    internal static async Task<bool> HasDueAsync(NpgsqlConnection connection, long cut, long age, long bound, long mail) =>
        await ScalarAsync(
        connection,
        """
        SELECT count(*) FROM (SELECT sequence, at FROM entry WHERE sequence > $3 ORDER BY sequence LIMIT 1) AS next
        WHERE sequence <= $4 AND (sequence <= $1 OR at < $2)
        """,
        [cut, age, bound, mail]) > 0;

    /// <summary>The time of the newest entry up to one; 0 if there is none.</summary>
    internal static Task<long> TimeOfAsync(NpgsqlConnection connection, long sequence) => ScalarAsync(
        connection, "SELECT coalesce((SELECT at FROM entry WHERE sequence <= $1 ORDER BY sequence DESC LIMIT 1), 0)", [sequence]);

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql, long[] values, WorkTerm? term = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        term?.AddTo(command);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

using ErlChat.Nodes;
using Npgsql;

namespace ErlChat.Postgres.Nodes;

/// <summary>The statements about nodes and leases. None takes a cancellation token, because all but one commit something.</summary>
internal static class NodeTable
{
    /// <summary>
    /// The heartbeat. A node that has been declared dead changes nothing and gets no leases. The lag is the age of the oldest entry that
    /// the node has not applied.
    /// </summary>
    private const string Beat = """
        WITH own AS (
            UPDATE node SET beat = now(), address = $2, applied = $3, sessions = $4, parked = $5, lag = coalesce((
                SELECT greatest(0, extract(epoch FROM now()) - at / 10000000.0) FROM entry
                WHERE sequence > $3 ORDER BY sequence LIMIT 1), 0)
            WHERE origin = $1 AND NOT closed RETURNING origin)
        INSERT INTO lease AS held (name, holder) SELECT work, origin FROM own, unnest($6) AS work
        ON CONFLICT (name) DO UPDATE SET
            holder = EXCLUDED.holder,
            beat = now(),
            term = held.term + CASE WHEN held.holder = EXCLUDED.holder THEN 0 ELSE 1 END
        WHERE held.holder = EXCLUDED.holder OR held.beat < now() - $7
            OR NOT EXISTS (SELECT FROM node WHERE origin = held.holder AND NOT closed)
        RETURNING name, term
        """;

    private const string Select = """
        SELECT origin, name, address, version, kinds, started, beat, extract(epoch FROM now() - beat)::double precision, applied, lag,
            sessions, parked, closed, stopped
        FROM node WHERE NOT closed OR beat > now() - interval '1 day' ORDER BY started, origin
        """;

    /// <summary>Takes the log's lock, so that every append is either before the end of the run or refused.</summary>
    private const string Close = """
        WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(4711))
        UPDATE node SET closed = true FROM locked WHERE origin = $1 AND beat = $2 AND NOT closed
        """;

    /// <summary>Beats, renews or takes leases, and reads all rows, in one transaction and one round trip.</summary>
    internal static async Task<BeatAnswer> BeatAsync(
        NpgsqlConnection connection,
        string origin,
        NodeReport report,
        string[] works,
        TimeSpan lease)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Beat)
        {
            Parameters =
            {
                new() { Value = origin }, new() { Value = report.Address }, new() { Value = report.Applied },
                new() { Value = report.Sessions }, new() { Value = report.Parked }, new() { Value = works }, new() { Value = lease },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Select));
        var terms = new Dictionary<string, long>(StringComparer.Ordinal);
        List<NodeRow> rows;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                terms.Add(reader.GetString(0), reader.GetInt64(1));
            await reader.NextResultAsync();
            rows = await ReadAsync(reader);
        }

        return new BeatAnswer(rows, terms);
    }

    /// <summary>Ends a run that the caller declares dead, unless it has shown a sign of life. Returns whether this call ended it.</summary>
    internal static async Task<bool> CloseAsync(NpgsqlConnection connection, NodeRow row)
    {
        await using var close = new NpgsqlCommand(Close, connection)
        {
            Parameters = { new() { Value = row.Origin }, new() { Value = row.Beat } },
        };
        return await close.ExecuteNonQueryAsync() > 0;
    }

    /// <summary>
    /// Resumes a run that the others had declared dead, unless another run has its name. Returns false if another has.
    /// </summary>
    internal static async Task<bool> ReopenAsync(NpgsqlConnection connection, NodeClaim claim)
    {
        try
        {
            await InsertAsync(connection, claim);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    /// <summary>Ends the run of a node that stops, and gives its leases back.</summary>
    internal static async Task<bool> StopAsync(NpgsqlConnection connection, string origin)
    {
        await using var stop = new NpgsqlCommand(
            "UPDATE node SET closed = true, stopped = true, beat = now() WHERE origin = $1 AND NOT closed",
            connection)
        {
            Parameters = { new() { Value = origin } },
        };
        return await stop.ExecuteNonQueryAsync() > 0;
    }

    /// <summary>Removes the rows of runs that ended long ago.</summary>
    internal static async Task<int> RemoveOldAsync(NpgsqlConnection connection, TimeSpan keep)
    {
        await using var remove = new NpgsqlCommand("DELETE FROM node WHERE closed AND beat < now() - $1", connection)
        {
            Parameters = { new() { Value = keep } },
        };
        return await remove.ExecuteNonQueryAsync();
    }

    /// <summary>All runs that are not long over, the oldest first.</summary>
    internal static async Task<List<NodeRow>> ListAsync(NpgsqlConnection connection)
    {
        await using var list = new NpgsqlCommand(Select, connection);
        await using NpgsqlDataReader reader = await list.ExecuteReaderAsync();
        return await ReadAsync(reader);
    }

    /// <summary>Begins a run. Resumes it if it exists and the others have given it up.</summary>
    /// <exception cref="PostgresException">Another run has the name, with <see cref="PostgresErrorCodes.UniqueViolation"/>.</exception>
    internal static async Task InsertAsync(NpgsqlConnection connection, NodeClaim claim)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO node (origin, name, version, kinds) VALUES ($1, $2, $3, $4)
            ON CONFLICT (origin) DO UPDATE SET beat = now(), closed = false
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = claim.Origin }, new() { Value = claim.Name }, new() { Value = claim.Version },
                new() { Value = claim.Kinds.ToArray() },
            },
        };
        await insert.ExecuteNonQueryAsync();
    }

    private static async Task<List<NodeRow>> ReadAsync(NpgsqlDataReader reader)
    {
        var rows = new List<NodeRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(new NodeRow(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetFieldValue<string[]>(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                TimeSpan.FromSeconds(Math.Max(0, reader.GetDouble(7))),
                reader.GetInt64(8),
                TimeSpan.FromSeconds(Math.Min(reader.GetDouble(9), 1e9)),
                reader.GetInt32(10),
                reader.GetInt32(11),
                reader.GetBoolean(12),
                reader.GetBoolean(13)));
        }

        return rows;
    }
}

/// <summary>What a heartbeat brought.</summary>
/// <param name="Rows">All runs that are not long over, the oldest first.</param>
/// <param name="Terms">The terms of the leases that this node holds, by the kind of work.</param>
internal sealed record BeatAnswer(IReadOnlyList<NodeRow> Rows, IReadOnlyDictionary<string, long> Terms);

using ErlChat.Postgres.Log;
using ErlChat.Postgres.Nodes;
using ErlChat.Snapshots;
using ErlChat.State;
using Npgsql;

namespace ErlChat.Postgres.Snapshots;

/// <summary>The rows of snapshots. Those of <c>snapshot</c> say that all parts are there.</summary>
internal static class SnapshotRows
{
    /// <summary>The size of a part: appends wait behind the commit of each.</summary>
    internal const int PartSize = 256 * 1024;

    /// <summary>The sequences of all snapshots, ascending.</summary>
    internal static async Task<long[]> ListAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT coalesce(array_agg(sequence ORDER BY sequence), '{}') FROM snapshot", connection);
        return (long[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Reads a snapshot. Returns null, and the reason, if it cannot be used.</summary>
    internal static async Task<(ChatStateImage? Image, string? Problem)> ReadAsync(NpgsqlConnection connection, long sequence)
    {
        int format, parts;
        byte[] checksum;
        await using (var command = new NpgsqlCommand("SELECT format, parts, sha256 FROM snapshot WHERE sequence = $1", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
            if (!await row.ReadAsync())
                return (null, "it was removed");
            (format, parts, checksum) = (row.GetInt32(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2));
        }

        using var bytes = new MemoryStream();
        int found = 0;
        await using (var command = new NpgsqlCommand("SELECT bytes FROM snapshot_part WHERE sequence = $1 ORDER BY part", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
            await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
            for (; await rows.ReadAsync(); found++)
                bytes.Write(rows.GetFieldValue<byte[]>(0));
        }

        if (found != parts)
            return (null, $"it has {found} of {parts} parts");
        ChatStateImage? image = SnapshotCodec.TryDecode(format, bytes.ToArray(), checksum, out string? problem);
        return (image, problem);
    }

    /// <summary>Writes one part, unless it is there.</summary>
    internal static async Task<int> WritePartAsync(NpgsqlConnection connection, long sequence, int part, ReadOnlyMemory<byte> bytes)
    {
        await using var command = new NpgsqlCommand("INSERT INTO snapshot_part VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = part });
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = bytes });
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Makes the parts a snapshot. False, and the parts are removed, if they are not what was written (another node wrote other bytes for
    /// the same entry, or has pruned some of them meanwhile), or if the log does not have their last entry: then the state contains what
    /// nobody else has. False too if the lease has been lost, and then nothing changes.
    /// </summary>
    internal static async Task<bool> CompleteAsync(
        NpgsqlConnection connection, ReadPosition last, int format, int parts, byte[] checksum, WorkTerm term)
    {
        await using var command = new NpgsqlCommand(
            $"""
            WITH lead AS MATERIALIZED (SELECT WHERE {WorkTerm.Condition(7)}),
            whole AS MATERIALIZED (
                SELECT count(*) = $3 AND sha256(string_agg(bytes, '' ORDER BY part)) = $4
                    AND EXISTS (SELECT FROM entry WHERE sequence = $1 AND origin = $5 AND counter = $6) AS ok
                FROM snapshot_part WHERE sequence = $1),
            done AS (
                INSERT INTO snapshot (sequence, format, parts, sha256) SELECT $1, $2, $3, $4 FROM lead, whole WHERE ok
                ON CONFLICT DO NOTHING),
            removed AS (
                DELETE FROM snapshot_part USING lead WHERE sequence = $1 AND NOT coalesce((SELECT ok FROM whole), false)
                    AND NOT EXISTS (SELECT FROM snapshot WHERE sequence = $1))
            SELECT EXISTS (SELECT FROM lead, whole WHERE ok) OR EXISTS (SELECT FROM snapshot WHERE sequence = $1)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last.Sequence });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = format });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = parts });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = checksum });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = last.Origin });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last.Counter });
        term.AddTo(command);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// Keeps the two newest snapshots that a start can use, one as a spare, and those that are too new for that. Parts without a snapshot
    /// go too, if they are older than the newest one: whoever wrote them has given up.
    /// </summary>
    /// <param name="usable">A start can use snapshots up to this entry.</param>
    internal static async Task<int> PruneAsync(NpgsqlConnection connection, long usable)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH removed AS (
                DELETE FROM snapshot WHERE sequence < (
                    SELECT min(sequence) FROM (SELECT sequence FROM snapshot WHERE sequence <= $1 ORDER BY sequence DESC LIMIT 2) AS kept)
                RETURNING sequence)
            DELETE FROM snapshot_part WHERE sequence IN (SELECT sequence FROM removed)
                OR (sequence < (SELECT max(sequence) FROM snapshot) AND sequence NOT IN (SELECT sequence FROM snapshot))
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = usable });
        return await command.ExecuteNonQueryAsync();
    }
}

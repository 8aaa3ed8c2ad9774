using ErlChat.Postgres.Connections;
using ErlChat.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace ErlChat.Postgres.Log;

/// <summary>Appends batches over one connection.</summary>
/// <remarks>
/// Not thread-safe. The append and its announcement are two transactions in one round trip: the second begins when the first has been
/// committed, also on the synchronous standby. Readers read only what was announced, so they never see what a fail-over could take away.
/// </remarks>
internal sealed class AppendStatement : IDisposable
{
    /// <summary>What PostgreSQL says if it stops waiting for the standby: committed here, perhaps nowhere else. It is no error to it.</summary>
    private const string Warning = "01000";

    private readonly PrimaryConnection _primary;
    private readonly NpgsqlBatch _batch;
    private readonly NpgsqlParameter<string> _origin = new();
    private readonly NpgsqlParameter<long?> _acked = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<long?> _ackedAt = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<long[]> _counters = new();
    private readonly NpgsqlParameter<string[]> _kinds = new();
    private readonly NpgsqlParameter<long[]> _times = new();
    private readonly NpgsqlParameter<string[]> _bodies = new();
    private readonly NpgsqlParameter<string> _lastOrigin = new();
    private readonly NpgsqlParameter<long> _lastCounter = new();
    private bool _warned;

    private AppendStatement(PrimaryConnection primary)
    {
        _primary = primary;
        primary.Connection.Notice += (_, e) => _warned |= e.Notice.SqlState == Warning;
        _batch = new NpgsqlBatch(primary.Connection)
        {
            EnableErrorBarriers = true,
            BatchCommands =
            {
                new NpgsqlBatchCommand("SELECT log_append($1, $2, $3, $4, $5, $6, $7)")
                {
                    Parameters = { _origin, _acked, _ackedAt, _counters, _kinds, _times, _bodies },
                },
                new NpgsqlBatchCommand(
                    $"SELECT pg_notify('{LogChannel.Name}', sequence::text) FROM entry WHERE origin = $1 AND counter = $2")
                {
                    Parameters = { _lastOrigin, _lastCounter },
                },
            },
        };
    }

    /// <summary>Opens a connection to the primary.</summary>
    internal static async Task<AppendStatement> OpenAsync(Primary primary, CancellationToken cancellationToken)
    {
        PrimaryConnection connection = await primary.OpenAsync(cancellationToken);
        var statement = new AppendStatement(connection);
        try
        {
            statement.Set([new EntryRow("", "", 0, 0, "")], null);
            await connection.AnswerAsync(PrepareAsync(statement._batch), cancellationToken);
            return statement;
        }
        catch
        {
            statement.Dispose();
            throw;
        }
    }

    /// <summary>Appends a batch, or finds that it was appended before, and announces it. Returns the sequence of its last entry.</summary>
    /// <param name="batch">Entries of one origin, ascending.</param>
    /// <param name="acked">The origin's last entry that was acknowledged; null if there is none.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the statement itself is never cancelled.</param>
    internal async Task<long> AppendAsync(
        IReadOnlyList<EntryRow> batch,
        (long Counter, long Sequence)? acked,
        CancellationToken cancellationToken)
    {
        Set(batch, acked);
        return await DurablyAsync(
            async () =>
            {
                await using NpgsqlDataReader reader = await _batch.ExecuteReaderAsync(CancellationToken.None);
                await reader.ReadAsync(CancellationToken.None);
                long last = reader.GetInt64(0);

                // The row can be here before the commit; the end of the batch is its answer.
                while (await reader.NextResultAsync(CancellationToken.None))
                {
                }

                return last;
            },
            cancellationToken);
    }

    /// <summary>Proves that the primary accepts writes, and the standby too: a primary of the past still answers reads.</summary>
    internal Task ProbeAsync(CancellationToken cancellationToken) => DurablyAsync(
        async () =>
        {
            await using var probe = new NpgsqlCommand(DurableHead.EmptyCommit, _primary.Connection);
            await probe.ExecuteNonQueryAsync(CancellationToken.None);
            return 0;
        },
        cancellationToken);

    public void Dispose() => _primary.Dispose();

    private async Task<T> DurablyAsync<T>(Func<Task<T>> statement, CancellationToken cancellationToken)
    {
        _warned = false;
        T result = await _primary.AnswerAsync(statement(), cancellationToken);
        return _warned ? throw new DatabaseAwayException($"{_primary.Host} stopped waiting for the standby") : result;
    }

    private void Set(IReadOnlyList<EntryRow> batch, (long Counter, long Sequence)? acked)
    {
        EntryRow last = batch[^1];
        (_origin.TypedValue, _acked.TypedValue, _ackedAt.TypedValue) = (last.Origin, acked?.Counter, acked?.Sequence);
        _counters.TypedValue = [.. batch.Select(static row => row.Counter)];
        _kinds.TypedValue = [.. batch.Select(static row => row.Kind)];
        _times.TypedValue = [.. batch.Select(static row => row.At)];
        _bodies.TypedValue = [.. batch.Select(static row => row.Body)];
        (_lastOrigin.TypedValue, _lastCounter.TypedValue) = (last.Origin, last.Counter);
    }

    private static async Task<bool> PrepareAsync(NpgsqlBatch batch)
    {
        await batch.PrepareAsync(CancellationToken.None);
        return true;
    }
}

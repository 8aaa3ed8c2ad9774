using ErlChat.Log;
using ErlChat.Postgres.Connections;
using ErlChat.Postgres.History;
using ErlChat.Serialization;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ErlChat.Postgres.Upkeep;

/// <summary>
/// Asks the database for its size and its newest snapshot, for monitoring. While the database is away, the last figures stay; others report
/// that it is away.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DatabaseWatch(Primary primary, PostgresHistory history, PostgresLogOptions options, TimeProvider time)
    : BackgroundService, ILogHealth
{
    /// <summary>How often to ask.</summary>
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);

    private Found _found = new(0, 0, null);

    public string Kind => "postgres";

    public LogFigures Read()
    {
        Found found = Volatile.Read(ref _found);
        return new LogFigures(
            found.Bytes,
            WalBytes: null,
            FreeBytes: null,
            history.Pending,
            history.PendingBytes,
            options.MaxPendingBytes,
            found.SnapshotAt is { } at ? time.GetUtcNow() - at : null,
            found.SinceSnapshot);
    }

    /// <summary>Asks once.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken) =>
        Volatile.Write(ref _found, await primary.UseAsync(FindAsync, cancellationToken));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                // The next try is soon enough.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static async Task<Found> FindAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_database_size(current_database()),
                coalesce((SELECT max(sequence) FROM entry), 0) - newest,
                (SELECT at FROM entry WHERE newest > 0 AND sequence >= newest ORDER BY sequence LIMIT 1)
            FROM (SELECT coalesce(max(sequence), 0) AS newest FROM snapshot) AS s
            """,
            connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new Found(row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : UnixTime.At(row.GetInt64(2)));
    }

    /// <summary>What the database said.</summary>
    /// <param name="Bytes">Its size.</param>
    /// <param name="SinceSnapshot">How many entries there are after the newest snapshot.</param>
    /// <param name="SnapshotAt">The time of that snapshot's last entry; null if there is no snapshot.</param>
    private sealed record Found(long Bytes, long SinceSnapshot, DateTimeOffset? SnapshotAt);
}

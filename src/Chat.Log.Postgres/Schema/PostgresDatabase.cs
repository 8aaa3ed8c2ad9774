using ErlChat.Logging;
using ErlChat.Postgres.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ErlChat.Postgres.Schema;

/// <summary>The database, once it has been found and has this program's tables.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class PostgresDatabase : IPostgresDatabase, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly Primary _primary;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly Outage _missing;
    private PostgresFacts? _facts;

    internal PostgresDatabase(
        Primary primary,
        IOptions<PostgresLogOptions> options,
        TimeProvider time,
        ILogger<PostgresDatabase> logger)
    {
        (_primary, _time, _name) = (primary, time, ConnectionSettings.Describe(options.Value.Connection));
        _missing = new Outage(time, logger, Log.Found);
    }

    public PostgresFacts? Facts => Volatile.Read(ref _facts);

    /// <summary>Identifies the log.</summary>
    /// <exception cref="InvalidOperationException">The database is not open.</exception>
    internal string Epoch => Facts?.Epoch ?? throw new InvalidOperationException("The database has not been opened yet.");

    public async Task<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (Facts is not null)
                return true;
            using PrimaryConnection connection = await _primary.OpenAsync(cancellationToken);
            string epoch = await Migrations.RunAsync(connection.Connection, _time, cancellationToken);
            Volatile.Write(ref _facts, await ReadFactsAsync(connection.Connection, epoch, cancellationToken));
            _missing.Succeeded();
            return true;
        }
        catch (Exception e) when (e is DatabaseAwayException or NpgsqlException or TimeoutException)
        {
            if (_missing.Failed())
                Log.Missing(_missing.Logger, _name, e.Message.TrimEnd('.'));
            return false;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Opens the database if it is not open yet, and waits for as long as it cannot be reached.</summary>
    /// <exception cref="DatabaseRefusedException">It cannot be used, and waiting would not help.</exception>
    internal async Task OpenAsync(CancellationToken cancellationToken)
    {
        while (!await TryOpenAsync(cancellationToken))
            await Task.Delay(s_pause, _time, cancellationToken);
    }

    public void Dispose()
    {
        _missing.Dispose();
        _opening.Dispose();
    }

    private async Task<PostgresFacts> ReadFactsAsync(NpgsqlConnection connection, string epoch, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT coalesce(max(sequence), 0), coalesce(min(sequence), 0), current_setting('server_version') FROM entry", connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new PostgresFacts(_name, row.GetString(2), row.GetInt64(0), row.GetInt64(1), epoch);
    }

    private static partial class Log
    {
        [LoggerMessage(
            601,
            LogLevel.Error,
            "The database {Name} cannot be opened: {Problem}. The server waits for it, and does not listen before it is there.",
            EventName = "DatabaseMissing")]
        public static partial void Missing(ILogger logger, string name, string problem);

        [LoggerMessage(
            602,
            LogLevel.Warning,
            "The database has been opened: this failed {Count} times within {Seconds:F1} s.",
            EventName = "DatabaseFoundAgain")]
        public static partial void Found(ILogger logger, long count, double seconds);
    }
}

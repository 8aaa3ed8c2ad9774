using Npgsql;

namespace ErlChat.Postgres.Connections;

/// <summary>One host of the database.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DatabaseHost : IAsyncDisposable
{
    /// <summary>0 for a standby, otherwise the timeline: a number that rises with every promotion of a standby.</summary>
    private const string AskTimeline = """
        SELECT CASE WHEN pg_is_in_recovery() THEN 0
            ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END
        """;

    /// <summary>
    /// How many connections that were given up may still be busy. While a standby is missing, each further one would wait for it too, until
    /// the database has no connection left for anybody.
    /// </summary>
    private const int MaxGivenUp = 8;

    private readonly NpgsqlDataSource _single;
    private int _givenUp;

    private DatabaseHost(NpgsqlConnectionStringBuilder single, NpgsqlConnectionStringBuilder pooled)
    {
        Name = ConnectionSettings.NameOf(single);
        _single = NpgsqlDataSource.Create(single);
        Pool = NpgsqlDataSource.Create(pooled);
    }

    /// <summary>The host and port, as operators know it.</summary>
    internal string Name { get; }

    /// <summary>Connections for short pieces of work.</summary>
    internal NpgsqlDataSource Pool { get; }

    /// <summary>The hosts of a connection string.</summary>
    internal static IReadOnlyList<DatabaseHost> Of(string connection) =>
    [
        .. ConnectionSettings.ForEachHost(connection, pooled: false)
            .Zip(ConnectionSettings.ForEachHost(connection, pooled: true), static (single, pooled) => new DatabaseHost(single, pooled)),
    ];

    /// <summary>
    /// Whether a failure to connect is about the user, the password or the database, which waiting would not change.
    /// </summary>
    internal static bool IsRefusal(Exception e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege,
    };

    /// <summary>Connects to the host and asks whether it is the primary.</summary>
    internal async Task<Answer> AskAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _givenUp) >= MaxGivenUp)
            throw new DatabaseAwayException($"{Name} has not answered on {MaxGivenUp} connections that were given up");
        NpgsqlConnection connection = _single.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var ask = new NpgsqlCommand(AskTimeline, connection);
            if (await ask.ExecuteScalarAsync(cancellationToken).WaitAsync(limit, time, cancellationToken) is int timeline and > 0)
                return new Answer(this, connection, timeline);
            Drop(connection);
            return new Answer(this, null, 0);
        }
        catch
        {
            Drop(connection);
            throw;
        }
    }

    /// <summary>
    /// Gives a connection up without a cancel request and without waiting. Closing one waits for the end of its statement, and Npgsql has
    /// no way to cut it off.
    /// </summary>
    internal void Drop(NpgsqlConnection? connection)
    {
        if (connection is null)
            return;
        Interlocked.Increment(ref _givenUp);
        _ = Task.Run(async () =>
        {
            await connection.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref _givenUp);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _single.DisposeAsync();
        await Pool.DisposeAsync();
    }
}

using System.Globalization;
using ErlChat.Postgres.Connections;
using Npgsql;

namespace ErlChat.Postgres.Schema;

/// <summary>Brings the database's tables up to what this program knows. Several nodes may try at the same time.</summary>
internal static class Migrations
{
    /// <summary>The newest script: the version of the tables that this program knows.</summary>
    internal const int Known = 7;

    /// <summary>The advisory lock that one starting node at a time holds. log_append has 4711.</summary>
    private const long StartLock = 4710;

    /// <summary>
    /// How long a script waits for a table that somebody reads, for each try. Appends queue behind it for as long.
    /// </summary>
    private const string LockTimeout = "200ms";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs the scripts that the database does not have yet, and returns the identity of its log.</summary>
    /// <exception cref="DatabaseRefusedException">The database is of another program, or of a newer version of this one.</exception>
    /// <exception cref="DatabaseAwayException">The connection failed; try again.</exception>
    internal static async Task<string> RunAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        // A session's lock, because each script commits. It has no time limit: it waits only for other nodes that start.
        await ExecuteAsync(connection, "SET lock_timeout = 0", cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({StartLock})", cancellationToken);
        await ExecuteAsync(connection, $"SET lock_timeout = '{LockTimeout}'", cancellationToken);
        try
        {
            for (int version = await VersionAsync(connection, cancellationToken) + 1; version <= Known; version++)
                await RunAsync(connection, version, time, cancellationToken);
            return await MetaAsync(connection, "epoch", cancellationToken)
                ?? throw new DatabaseRefusedException("The database has no identity: the row 'epoch' of its table meta is missing.");
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, "RESET lock_timeout", CancellationToken.None);
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({StartLock})", CancellationToken.None);
            }
        }
    }

    /// <summary>The database's version; 0 if it is empty.</summary>
    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ScalarAsync(connection, "SELECT to_regclass('meta') IS NOT NULL", cancellationToken) is not true)
        {
            return await ScalarAsync(connection, "SELECT to_regclass('entry') IS NOT NULL", cancellationToken) is true
                ? throw new DatabaseRefusedException("The database belongs to another program: it has a table entry, but no meta.")
                : 0;
        }

        int version = Number(await MetaAsync(connection, "schema", cancellationToken));
        int readableBy = Number(await MetaAsync(connection, "schema_readable_by", cancellationToken));
        return version > 0 && readableBy <= Known
            ? version
            : throw new DatabaseRefusedException(version == 0
                ? "The database belongs to another program: its table meta names no schema."
                : $"The database has schema version {version}, which programs older than version {readableBy} cannot use; this one knows "
                    + $"{Known}. It was left as it is: start the newer program.");
    }

    private static async Task RunAsync(NpgsqlConnection connection, int version, TimeProvider time, CancellationToken cancellationToken)
    {
        string script = ReadScript(version);
        while (true)
        {
            try
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(connection, script, cancellationToken);
                await ExecuteAsync(
                    connection,
                    $"INSERT INTO meta VALUES ('schema', '{version}') ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                    cancellationToken);
                await transaction.CommitAsync(CancellationToken.None);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }

    private static string ReadScript(int version)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"ErlChat.Postgres.Schema.{version:000}.sql");
        using Stream stream = typeof(Migrations).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no script {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static async Task<string?> MetaAsync(NpgsqlConnection connection, string key, CancellationToken cancellationToken) =>
        await ScalarAsync(connection, $"SELECT value FROM meta WHERE key = '{key}'", cancellationToken) as string;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Schema;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ErlChat.Tests;

/// <summary>A database of a test's own, with the chat's tables, on the server that all tests share.</summary>
internal sealed class ChatDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> s_template = new(CreateTemplateAsync);

    private readonly List<IAsyncDisposable> _open = [];

    private ChatDatabase(string connection) => Options.Connection = connection;

    internal PostgresLogOptions Options { get; } = new();

    internal CollectingLogs Logs { get; } = new();

    /// <summary>Makes a database.</summary>
    internal static async Task<ChatDatabase> CreateAsync()
    {
        PostgresServer server = await PostgresServer.Shared;
        return new ChatDatabase(server.ConnectionTo(await server.CreateDatabaseAsync(await s_template.Value)));
    }

    /// <summary>Makes a database without tables.</summary>
    internal static async Task<ChatDatabase> CreateEmptyAsync()
    {
        PostgresServer server = await PostgresServer.Shared;
        return new ChatDatabase(server.ConnectionTo(await server.CreateDatabaseAsync()));
    }

    /// <summary>What a node has: its way to the database.</summary>
    /// <param name="connection">Another connection string; null for that of the options.</param>
    internal Primary Primary(string? connection = null)
    {
        PostgresLogOptions options = connection is null ? Options : new PostgresLogOptions
        {
            Connection = connection,
            AnswerTimeout = Options.AnswerTimeout,
            RefuseAfter = Options.RefuseAfter,
            MaxWaitingEntries = Options.MaxWaitingEntries,
        };
        var primary = new Primary(new OptionsWrapper<PostgresLogOptions>(options), TimeProvider.System, Logs.For<Primary>());
        _open.Add(primary);
        return primary;
    }

    /// <summary>A connection of another program.</summary>
    internal async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Options.Connection + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in _open)
            await one.DisposeAsync();
        Logs.Verify();
    }

    private static async Task<string> CreateTemplateAsync()
    {
        PostgresServer server = await PostgresServer.Shared;
        string name = await server.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(server.ConnectionTo(name) + ";Pooling=false");
        await connection.OpenAsync();
        await Migrations.RunAsync(connection, TimeProvider.System, CancellationToken.None);
        return name;
    }
}

using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Log;
using ErlChat.Postgres.Schema;
using Npgsql;

namespace ErlChat.Tests;

/// <summary>A database of a test's own, with the chat's tables, on the server that all tests share.</summary>
internal sealed class ChatDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> s_template = new(CreateTemplateAsync);

    private readonly List<ChatNode> _nodes = [];

    private ChatDatabase(string connection) => Options.Connection = connection;

    internal PostgresLogOptions Options { get; } = new();

    internal CollectingLogs Logs { get; } = new();

    /// <summary>Makes a database.</summary>
    internal static async Task<ChatDatabase> CreateAsync()
    {
        PostgresServer server = await PostgresServer.Shared;
        var database = new ChatDatabase(server.ConnectionTo(await server.CreateDatabaseAsync(await s_template.Value)));
        await database.ExecuteAsync($"UPDATE meta SET value = '{Guid.NewGuid():N}' WHERE key = 'epoch'; {ElectedNode.Elect}");
        return database;
    }

    /// <summary>Makes a database without tables.</summary>
    /// <param name="server">Null for the one that all tests share.</param>
    internal static async Task<ChatDatabase> CreateEmptyAsync(PostgresServer? server = null)
    {
        server ??= await PostgresServer.Shared;
        return new ChatDatabase(server.ConnectionTo(await server.CreateDatabaseAsync()));
    }

    /// <summary>Another node over this database. It has not opened the database yet.</summary>
    /// <param name="connection">Another connection string; null for that of the options.</param>
    /// <param name="kinds">The kinds of entries that its program knows; null for all.</param>
    internal ChatNode AddNode(string? connection = null, IReadOnlyCollection<string>? kinds = null)
    {
        var node = new ChatNode(
            new PostgresLogOptions
            {
                Connection = connection ?? Options.Connection,
                AnswerTimeout = Options.AnswerTimeout,
                RefuseAfter = Options.RefuseAfter,
                MaxWaitingEntries = Options.MaxWaitingEntries,
            },
            Logs,
            kinds);
        _nodes.Add(node);
        return node;
    }

    /// <summary>The log of another node, open.</summary>
    /// <inheritdoc cref="AddNode"/>
    internal async Task<PostgresLog> OpenLogAsync(string? connection = null)
    {
        PostgresLog log = AddNode(connection).Log;
        await log.OpenAsync(CancellationToken.None).WithinAsync();
        return log;
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
        foreach (ChatNode node in _nodes)
            await node.DisposeAsync();
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

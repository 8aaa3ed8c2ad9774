using ErlChat.History;

namespace ErlChat.Tests;

/// <summary>The contract of every history.</summary>
public sealed class PostgresHistoryTests : ChatHistoryContract
{
    private ChatDatabase? _database;
    private StorageNode? _node;

    public override async ValueTask DisposeAsync()
    {
        _node?.Dispose();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    protected override async Task<IChatHistory> OpenAsync()
    {
        _database = await ChatDatabase.CreateAsync();
        _node = new StorageNode(_database);
        return _node.History;
    }

    protected override Task SettleAsync() => _node!.SettleAsync();
}

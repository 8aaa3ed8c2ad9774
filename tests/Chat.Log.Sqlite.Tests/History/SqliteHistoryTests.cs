using ErlChat.History;

namespace ErlChat.Tests;

/// <summary>The contract of every history.</summary>
public sealed class SqliteHistoryTests : ChatHistoryContract
{
    private readonly SqliteParts _parts = new();

    public override ValueTask DisposeAsync() => _parts.DisposeAsync();

    protected override Task<IChatHistory> OpenAsync()
    {
        _parts.OpenLog();
        return Task.FromResult<IChatHistory>(_parts.History);
    }

    protected override Task SettleAsync() => _parts.History.FlushWithAsync(_ => { });
}

using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <summary>The contract of every history.</summary>
public sealed class SqliteHistoryTests : ChatHistoryContract
{
    private readonly SqliteParts _parts = new();

    public override ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task A_message_that_is_deleted_while_it_is_written_is_not_written_again()
    {
        // Without a clock that runs, nothing is written but by the flushes.
        _parts.Time = new ManualTimeProvider();
        IChatHistory history = await OpenAsync();
        var amy = new Person("amy", "amy", "id of amy");
        var said = new Mail(1, DateTimeOffset.UnixEpoch, new Spoken("den", amy, "words", Action: false, Own: false));
        var removed = new MessageRemoved(ChangedMessage.NameOf(said), ByModerator: false, Own: false);
        history.Add("den", said);
        await _parts.History.FlushWithAsync(_ => history.Add("den", new Mail(2, DateTimeOffset.UnixEpoch, removed)));
        Assert.Equal(1, _parts.History.Pending);
        await SettleAsync();
        Assert.Equal(0, _parts.History.Pending);
        Assert.Equal("", Assert.Single(await history.ReadAsync("den", long.MaxValue, 9, CancellationToken.None)).Content.Words);
    }

    protected override Task<IChatHistory> OpenAsync()
    {
        _parts.OpenLog();
        return Task.FromResult<IChatHistory>(_parts.History);
    }

    protected override Task SettleAsync() => _parts.History.FlushWithAsync(_ => { });
}

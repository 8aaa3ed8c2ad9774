namespace ErlChat.Client.Tests;

public class AwayTests
{
    [Fact]
    public async Task Everyone_reads_who_goes_and_who_is_back()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var his = new Listener(bob);
        await alice.SetAwayAsync(isAway: true).WithinAsync();
        AwayChanged away = await his.TheAsync<AwayChanged>();
        Assert.Equal(("alice", alice.UserId, true), (away.Nick, away.UserId, away.IsAway));
        await alice.SetAwayAsync(isAway: false).WithinAsync();
        await his.TheAsync<AwayChanged>(static one => !one.IsAway);
    }
}

namespace ErlChat.Client.Tests;

public class TypingTests
{
    [Fact]
    public async Task Whoever_wants_to_know_is_told_and_loses_no_message()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob", new ChatClientOptions { WatchTyping = true });
        await using ChatClient cid = await server.LoginAsync("cid");
        await using var bobs = new Listener(bob);
        await using var cids = new Listener(cid);
        Assert.Equal(TimeSpan.FromSeconds(6), alice.TypingLifetime);
        await alice.TellTypingAsync().WithinAsync();
        Assert.Equal(
            new PersonTyping("lobby", "alice", alice.UserId, On: true, TimeSpan.FromSeconds(6)), await bobs.TheAsync<PersonTyping>());
        await alice.SayAsync("words").WithinAsync();
        Assert.Equal("words", (await bobs.TheAsync<Said>()).Text);
        Assert.Equal("words", (await cids.TheAsync<Said>()).Text);
        Assert.DoesNotContain(cids.Events, static one => one is PersonTyping);
    }

    [Fact]
    public async Task What_may_not_be_said_may_not_be_typed()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:TypingLifetime=00:00:00");
        await using ChatClient alice = await server.LoginAsync("alice");
        Assert.Equal(TimeSpan.Zero, alice.TypingLifetime);
        await alice.TellTypingAsync().WithinAsync();
        await using RunningServer other = await RunningServer.StartAsync();
        await using ChatClient bob = await other.LoginAsync("bob");
        Assert.Equal(ChatRefusal.NotInRoom, await Quick.RefusalAsync(() => bob.TellTypingAsync("den")));
        Assert.Equal(ChatRefusal.NoSuchUser, await Quick.RefusalAsync(() => bob.TellTypingToAsync("nobody")));
    }
}

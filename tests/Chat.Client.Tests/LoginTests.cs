namespace ErlChat.Client.Tests;

public class LoginTests
{
    [Fact]
    public async Task Every_refusal_of_a_login_has_its_own_reason()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:MaxSessionsPerHost=2", "Chat:AdminPassword=demopass");
        await using ChatClient alice = await server.LoginAsync("alice");
        Assert.Equal(ChatRefusal.NickInUse, await Quick.RefusalAsync(() => server.LoginAsync("ALICE")));
        Assert.Equal(ChatRefusal.NickNotAllowed, await Quick.RefusalAsync(() => server.LoginAsync("server")));
        Assert.Equal(ChatRefusal.NickNotAllowed, await Quick.RefusalAsync(() => server.LoginAsync("a b")));
        await using ChatClient bob = await server.LoginAsync("bob");
        Assert.Equal(ChatRefusal.HostFull, await Quick.RefusalAsync(() => server.LoginAsync("carol")));

        await using var his = new Listener(bob);
        await alice.SayAsync("/auth demopass").WithinAsync();
        await alice.SayAsync("/admin ban bob noise 60").WithinAsync();
        Assert.Equal("banned", (await his.TheAsync<SessionEnded>()).Reason);
        ChatRefusedException refused = await Assert.ThrowsAsync<ChatRefusedException>(() => server.LoginAsync("bob"));
        Assert.Equal(ChatRefusal.HostBanned, refused.Why);
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 50, 60);
    }

    [Fact]
    public async Task A_nick_may_be_of_any_script_and_is_never_cut()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient zoe = await server.LoginAsync("Zoe\u0308");
        Assert.Equal("Zoë", zoe.Nick);
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var hers = new Listener(zoe);
        await bob.WhisperAsync("ZOË", "psst").WithinAsync();
        Assert.Equal("Zoë", (await hers.TheAsync<Whispered>()).To);
        Assert.Equal(ChatRefusal.NickNotAllowed, await Quick.RefusalAsync(() => server.LoginAsync("abcdefghijklmnopq")));
    }

    [Fact]
    public async Task A_missing_server_is_unavailable_and_certainly_did_nothing()
    {
        var address = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        var e = await Assert.ThrowsAsync<ChatUnavailableException>(
            () => ChatClient.LoginAsync(address, "alice", Quick.Options with { LoginPatience = TimeSpan.Zero }).WithinAsync());
        Assert.False(e.MayHaveHappened);
    }

    [Fact]
    public async Task A_login_waits_for_a_server_that_is_starting()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.StopAsync();
        Task<ChatClient> login = ChatClient.LoginAsync(server.Address, "alice", Quick.Options);
        await server.StartAgainAsync();
        await using ChatClient alice = await login.WithinAsync();
        Assert.Equal("alice", alice.Nick);
    }

    [Fact]
    public async Task Disposing_a_client_leaves_the_chat()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using (ChatClient alice = await server.LoginAsync("alice"))
            Assert.Equal(1, server.Room.SessionCount);
        Assert.Equal(0, server.Room.SessionCount);
        await Eventually.BeTrueAsync(() => server.Office.Parked == 0);
    }

    [Fact]
    public async Task A_login_can_be_cancelled()
    {
        await using var proxy = new FaultProxy(new Uri("http://127.0.0.1:1"), seed: 1) { IsSilent = true };
        using var stop = new CancellationTokenSource();
        Task<ChatClient> login = ChatClient.LoginAsync(proxy.Address, "alice", Quick.Options, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => login.WithinAsync());
    }
}

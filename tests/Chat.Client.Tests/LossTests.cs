namespace ErlChat.Client.Tests;

public class LossTests
{
    [Fact]
    public async Task After_a_restart_without_sessions_the_client_rejoins_its_rooms_and_gets_the_missed_messages()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using var hers = new Listener(alice);
        await alice.JoinAsync("tea").WithinAsync();
        await alice.SayAsync("before").WithinAsync();
        await hers.HeardAsync("before");

        await Eventually.BeTrueAsync(() => server.Office.Parked == 1, what: "the poll is parked, so that the stop answers it");
        await server.StopAsync();
        Assert.Contains("stop", (await hers.TheAsync<ConnectionLost>()).Why, StringComparison.Ordinal);
        Task<long?> meanwhile = alice.SayAsync("while it was gone", "tea");
        await server.StartAgainAsync();
        await meanwhile.WithinAsync();
        await using ChatClient bob = await server.LoginAsync("bob");
        await bob.SayAsync("after").WithinAsync();
        await hers.HeardAsync("after");

        Resynced anew = await hers.TheAsync<Resynced>();
        Assert.True(anew.NewSession);
        Assert.Equal(["lobby", "tea"], anew.Rooms.Select(room => room.Room).Order());
        Assert.Equal(["after", "before", "while it was gone"], hers.AllTexts.Order());
        Assert.Single(hers.Events.OfType<ConnectionLost>());
        Assert.Single(hers.Events.OfType<ConnectionResumed>());
        Assert.Equal(2, server.Room.SessionCount);
    }

    [Fact]
    public async Task A_reader_that_falls_behind_gets_the_history_and_then_continues()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:MaxMailboxItems=4", "Chat:KeepAcknowledged=0");
        await using ChatClient alice = await server.LoginAsync("alice", Quick.Options with { MaxBufferedEvents = 1 });
        await using ChatClient bob = await server.LoginAsync("bob");
        for (int i = 0; i < 300; i++)
            await bob.SayAsync($"{i}").WithinAsync();
        await using var hers = new Listener(alice);
        await hers.TheAsync<Resynced>();
        await bob.SayAsync("last").WithinAsync();
        await hers.HeardAsync("last");
        Assert.Equal([.. Enumerable.Range(0, 300).Select(i => $"{i}"), "last"], hers.AllTexts);
        Assert.All(hers.Events.OfType<Resynced>(), anew => Assert.False(anew.NewSession));
    }

    [Fact]
    public async Task Messages_missing_from_the_history_are_reported_as_missing()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:MaxMailboxItems=4", "Chat:KeepAcknowledged=0", "Chat:HistoryPerRoom=10");
        await using ChatClient alice = await server.LoginAsync("alice", Quick.Options with { MaxBufferedEvents = 1 });
        await using ChatClient bob = await server.LoginAsync("bob");

        // Her buffer is full with that bob came and what he says now. Without the pause, she could fall behind before it is, and miss less.
        await bob.SayAsync("first").WithinAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        for (int i = 0; i < 50; i++)
            await bob.SayAsync($"{i}").WithinAsync();
        await using var hers = new Listener(alice);
        Resynced anew = await hers.TheAsync<Resynced>();
        Assert.True(anew.MayLack);
        Assert.Equal(10, anew.Missed.Count);
    }

    /// <summary>Previously, no answer contained the private messages of a gap, so the reader never learned of them.</summary>
    [Fact]
    public async Task A_reader_that_falls_behind_gets_its_private_messages_too()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:MaxMailboxItems=4", "Chat:KeepAcknowledged=0");
        await using ChatClient alice = await server.LoginAsync("alice", Quick.Options with { MaxBufferedEvents = 1 });
        await using ChatClient bob = await server.LoginAsync("bob");
        await using ChatClient carol = await server.LoginAsync("carol");
        for (int i = 0; i < 250; i++)
            await (i % 2 == 0 ? bob : carol).WhisperAsync("alice", $"{i}").WithinAsync();
        await using var hers = new Listener(alice);
        await hers.TheAsync<Resynced>();
        await bob.SayAsync("last").WithinAsync();
        await hers.HeardAsync("last");
        IEnumerable<RoomEvent> all = hers.Events.SelectMany(
            one => one is Resynced anew ? anew.Missed : one is RoomEvent happened ? [happened] : []);
        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"{i}"), all.OfType<Whispered>().Select(whisper => whisper.Text));
        Assert.All(hers.Events.OfType<Resynced>(), anew => Assert.False(anew.NewSession));
    }

    [Fact]
    public async Task A_client_can_become_an_administrator()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:AdminPassword=demopass");
        await using ChatClient alice = await server.LoginAsync("alice");
        await using var hers = new Listener(alice);
        Assert.Equal(ChatRefusal.WrongPassword, await Quick.RefusalAsync(() => alice.AuthenticateAsync("wrong")));
        await alice.AuthenticateAsync("demopass").WithinAsync();
        Assert.True((await hers.TheAsync<AdminChanged>()).IsAdmin);
    }

    [Fact]
    public async Task A_slow_reader_keeps_its_session()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "Chat:PollTimeout=00:00:00.200", "Chat:PollJitter=00:00:00.010", "Chat:CheckIdle=00:00:00.050", "Chat:IdleLimit=00:00:00.600");
        await using ChatClient alice = await server.LoginAsync("alice", Quick.Options with { MaxBufferedEvents = 1 });
        for (int i = 0; i < 5; i++)
            await alice.SayAsync($"{i}").WithinAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        await using var hers = new Listener(alice);
        await hers.HeardAsync("4");
        Assert.Equal(["0", "1", "2", "3", "4"], hers.Texts);
        Assert.Empty(hers.Events.OfType<Resynced>());
    }

    [Fact]
    public async Task A_kicked_user_is_told_and_is_not_logged_in_again()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:AdminPassword=demopass");
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var his = new Listener(bob);
        await alice.SayAsync("/auth demopass").WithinAsync();
        await alice.SayAsync("/admin kick bob noise").WithinAsync();
        await his.Ended.WithinAsync();
        Assert.Contains("noise", Assert.IsType<Notice>(his.Events[^2]).Text, StringComparison.Ordinal);
        Assert.Equal("kicked", ((SessionEnded)his.Events[^1]).Reason);
        Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => bob.SayAsync("?")));
        Assert.Equal(1, server.Room.SessionCount);
    }

    // Previously, a client whose computer had slept through a kick logged in again.
    [Theory]
    [InlineData("/chat/wait/")]
    [InlineData("/chat/send_msg/")]
    [InlineData("/chat/history/")]
    public async Task A_client_that_was_kicked_while_away_ends_with_what_the_server_says(string path)
    {
        using var server = new ScriptedServer();
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        server.Answer = (asked, _) => asked.StartsWith(path, StringComparison.Ordinal)
            ? Task.FromResult(ScriptedServer.Json(
                """{"status":"error","response":"bad_session","reason":"kicked","text":"You have been kicked. Reason: noise"}"""))
            : null;
        server.Poll("""{"status":"ok","response":"reconnect"}""");
        if (path == "/chat/send_msg/")
            Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => alice.SayAsync("?")));
        if (path == "/chat/history/")
            Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => alice.HistoryAsync()));
        server.Poll("""{"status":"ok","response":"reconnect"}""");
        SessionEnded ended = await hers.TheAsync<SessionEnded>();
        Assert.Equal(("kicked", "You have been kicked. Reason: noise"), (ended.Reason, ended.Explanation));
        Assert.Single(server.Asked, asked => asked == "/login/");
    }

    [Fact]
    public async Task A_forgotten_session_ends_if_the_client_does_not_rejoin()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice", Quick.Options with { Rejoin = false });
        await using var hers = new Listener(alice);
        await server.StopAsync();
        await server.StartAgainAsync();
        await hers.Ended.WithinAsync();
        Assert.Equal(new SessionEnded("gone"), hers.Events[^1]);
    }
}

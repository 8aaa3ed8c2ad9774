namespace ErlChat.Client.Tests;

public class TalkingTests
{
    [Fact]
    public async Task Two_clients_talk_and_get_each_event_once_and_in_order()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync(" alice ");
        await using var hers = new Listener(alice);
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var his = new Listener(bob);
        Assert.Equal("alice", alice.Nick);
        Assert.Equal(2000, alice.MaxMessageLength);

        long first = (await alice.SayAsync("hello <b>").WithinAsync())!.Value;
        Assert.Null(await bob.SayAsync("/me waves").WithinAsync());
        long second = (await bob.SayAsync("grüße 👋").WithinAsync())!.Value;
        await hers.HeardAsync("grüße 👋");
        await his.HeardAsync("grüße 👋");

        Assert.Equal(["hello <b>", "waves", "grüße 👋"], hers.Texts);
        Assert.Equal(hers.Said.Select(said => said.Id), his.Said.Select(said => said.Id));
        Assert.Equal([true, false, false], hers.Said.Select(said => said.Own));
        Assert.Equal([false, true, false], his.Said.Select(said => said.Action));
        Assert.Equal((first, second), (hers.Said[0].Id, hers.Said[2].Id));
        Assert.Equal("bob", Assert.Single(hers.Events.OfType<UserJoined>()).Nick);
        Assert.Empty(his.Events.OfType<UserJoined>());

        await bob.LeaveAsync().WithinAsync();
        await his.Ended.WithinAsync();
        Assert.Equal(new SessionEnded("left"), his.Events[^1]);
        UserLeft left = await hers.TheAsync<UserLeft>();
        Assert.Equal(("bob", "normal", "lobby"), (left.Nick, left.Reason, Assert.Single(left.Rooms)));
        Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => bob.SayAsync("too late")));
    }

    [Fact]
    public async Task Private_messages_reach_one_person_and_fail_if_the_user_does_not_exist()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using ChatClient carol = await server.LoginAsync("carol");
        await using var his = new Listener(bob);
        await using var others = new Listener(carol);
        await alice.WhisperAsync("BOB", "psst").WithinAsync();
        await alice.SayAsync("aloud").WithinAsync();
        await others.HeardAsync("aloud");
        Whispered whisper = await his.TheAsync<Whispered>();
        Assert.Equal(("alice", "bob", "psst", false), (whisper.From, whisper.To, whisper.Text, whisper.Own));
        Assert.Empty(others.Events.OfType<Whispered>());
        Assert.Equal(ChatRefusal.NoSuchUser, await Quick.RefusalAsync(() => alice.WhisperAsync("nobody", "psst")));
    }

    [Fact]
    public async Task Rooms_are_joined_listed_and_left()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using ChatClient bob = await server.LoginAsync("bob");
        await using var hers = new Listener(alice);
        Assert.Equal(["alice"], (await alice.JoinAsync("tea").WithinAsync()).Users);
        RoomSnapshot tea = await bob.JoinAsync("Tea").WithinAsync();
        Assert.Equal(("tea", "alice,bob"), (tea.Room, string.Join(',', tea.Users)));
        Assert.Contains("alice", (await bob.JoinAsync("tea").WithinAsync()).Users);
        await bob.SayAsync("milk?", "tea").WithinAsync();
        await hers.HeardAsync("milk?");
        Assert.Equal("tea", hers.Said[0].Room);
        Assert.Equal(
            ["lobby", "tea"], hers.Events.OfType<UserJoined>().Where(joined => joined.Nick == "bob").Select(joined => joined.Room));
        Assert.Equal(["lobby", "tea"], (await alice.RoomsAsync().WithinAsync()).Select(room => room.Name));
        Assert.Equal("milk?", Assert.IsType<Said>(Assert.Single(await alice.HistoryAsync("tea").WithinAsync())).Text);
        Assert.Equal(["alice", "bob"], (await alice.UsersAsync("tea").WithinAsync()).Users.Order());

        await bob.PartAsync("tea").WithinAsync();
        Assert.Equal(["tea"], (await hers.TheAsync<UserLeft>()).Rooms);
        Assert.Equal(ChatRefusal.NotInRoom, await Quick.RefusalAsync(() => bob.SayAsync("still there?", "tea")));
        Assert.Equal(ChatRefusal.HomeRoom, await Quick.RefusalAsync(() => bob.PartAsync("lobby")));
        Assert.Equal(ChatRefusal.BadRoomName, await Quick.RefusalAsync(() => bob.JoinAsync("no good")));
        Assert.Equal(ChatRefusal.NoSuchRoom, await Quick.RefusalAsync(() => bob.UsersAsync("nowhere")));
        Assert.Equal(ChatRefusal.NotInRoom, await Quick.RefusalAsync(() => bob.HistoryAsync("tea")));
        Assert.Equal(ChatRefusal.TooLong, await Quick.RefusalAsync(() => bob.SayAsync(new string('x', 2001))));
    }

    [Fact]
    public async Task Messages_go_out_in_the_order_of_the_calls()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await using var hers = new Listener(alice);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => alice.SayAsync($"{i}"))).WithinAsync();

        // Leaving ends the stream at once. Messages not read by then are never delivered.
        await hers.HeardAsync("99");
        await alice.LeaveAsync().WithinAsync();
        await hers.Ended.WithinAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), hers.Texts);
    }

    [Fact]
    public async Task A_rate_limit_is_waited_out_and_nothing_is_dropped()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:RateLimitCount=3", "Chat:RateLimitWindow=00:00:00.300");
        await using ChatClient alice = await server.LoginAsync("alice");
        await using var hers = new Listener(alice);
        for (int i = 0; i < 6; i++)
            await alice.SayAsync($"{i}").WithinAsync();
        await hers.HeardAsync("5");
        Assert.Equal(["0", "1", "2", "3", "4", "5"], hers.Texts);
    }

    [Fact]
    public async Task Messages_over_the_queue_limit_are_refused_without_asking_the_server()
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:RateLimitCount=1", "Chat:RateLimitWindow=00:00:01");
        await using ChatClient alice = await server.LoginAsync("alice", Quick.Options with { MaxPendingSends = 2 });
        Task[] sends = [alice.SayAsync("1"), alice.SayAsync("2"), alice.SayAsync("3")];
        Assert.Equal(ChatRefusal.TooManyPending, await Quick.RefusalAsync(() => sends[2]));
        await Task.WhenAll(sends[..2]).WithinAsync();
    }

    [Fact]
    public async Task A_cancelled_stream_continues_where_it_ended_and_only_one_may_run_at_a_time()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        for (int i = 0; i < 10; i++)
            await alice.SayAsync($"{i}").WithinAsync();
        var texts = new List<string>();
        while (texts.Count < 10)
        {
            using var stop = new CancellationTokenSource();
            await using IAsyncEnumerator<ChatEvent> reading = alice.ReadAsync(stop.Token).GetAsyncEnumerator();
            Assert.True(await reading.MoveNextAsync().WithinAsync());
            texts.Add(((Said)reading.Current).Text);
            await using IAsyncEnumerator<ChatEvent> second = alice.ReadAsync().GetAsyncEnumerator();
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.MoveNextAsync());
            if (texts.Count % 2 == 0)
            {
                await stop.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading.MoveNextAsync());
            }
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), texts);
    }

    [Fact]
    public async Task Nodes_are_listed_without_logging_in()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using ChatClient alice = await server.LoginAsync("alice");
        await Eventually.BeTrueAsync(() => server.Office.Parked == 1);
        NodeInfo node = Assert.Single(await ChatClient.NodesAsync(server.Address).WithinAsync());
        Assert.StartsWith("erlchat@", node.Name, StringComparison.Ordinal);
        Assert.Equal((1, 1, "0.1.0"), (node.Sessions, node.Parked, node.Version));
        Assert.True(node.Uptime >= TimeSpan.Zero);
    }

    // Reads are limited too. The client waits as long as it is told, and the caller does not notice.
    [Fact]
    public async Task Too_many_reads_and_logins_are_waited_out()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            "Limits:Reads:Session:Count=4",
            "Limits:Reads:Session:Window=00:00:01",
            "Limits:Logins:Address:Count=1",
            "Limits:Logins:Address:Window=00:00:01");
        await using ChatClient alice = await ChatClient.LoginAsync(server.Address, "alice");
        await using ChatClient bob = await ChatClient.LoginAsync(server.Address, "bob");
        for (int i = 0; i < 8; i++)
            Assert.Equal(["bob", "alice"], (await bob.UsersAsync().WithinAsync()).Users);
    }
}

namespace ErlChat.Web.Tests.FastLane;

/// <summary>
/// How parked polls and connections end. A poll over the lane ends in the same way as a poll through the ordinary pipeline.
/// </summary>
public class LaneEndTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_client_that_goes_away_is_not_left_parked(bool lane, bool knownBefore)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane);
        CometClient alice = await server.Host.LoginAsync("alice");
        using LaneClient reset = await server.ConnectAsync(alice), half = await server.ConnectAsync(alice);
        foreach (LaneClient one in (LaneClient[])[reset, half])
        {
            // After an ordinary request on the same connection, the ordinary pipeline waits behind the lane and is notified too.
            if (knownBefore)
                await one.GetAsync("/chat/me/");
            await one.BeginPollAsync();
        }

        await server.Host.ParkedAsync(2);
        reset.Raw.Reset();
        await server.Host.ParkedAsync(1);
        half.Raw.HalfClose();
        await server.Host.ParkedAsync(0);
        Assert.True(await half.Raw.IsClosedAsync());
        Assert.Equal(lane ? 0 : 2, server.Ordinary);

        // Nothing is lost.
        await alice.SendAsync("hi");
        Assert.Equal("hi", (await alice.ReadAsync()).Single().Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_away_between_polls_is_no_error(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane);
        CometClient alice = await server.Host.LoginAsync("alice");
        await alice.SendAsync("hi");
        for (int i = 0; i < 4; i++)
        {
            using LaneClient one = await server.ConnectAsync(alice);
            if (i % 2 == 0)
                await one.GetAsync("/chat/me/");
            await one.PollAsync();
            if (i / 2 == 0)
                one.Raw.Reset();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_parked_poll_is_told_what_ends_it(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane, ChatServerHost.AdminPassword, "Chat:IdleLimit=00:03:00");
        CometClient admin = await server.Host.LoginAdminAsync("root1");

        // The user leaves.
        CometClient alice = await server.Host.LoginAsync("alice");
        using LaneClient one = await server.ConnectAsync(alice);
        await one.BeginPollAsync();
        await server.Host.ParkedAsync(1);
        await alice.LeaveAsync();
        Assert.Equal("{\"status\":\"error\",\"response\":\"bad_session\",\"reason\":\"left\"}", (await one.ReadAsync(s_soon)).Body);

        // The user is kicked: first the notice, then the end.
        CometClient bob = await server.Host.LoginAsync("bob");
        using LaneClient two = await server.ConnectAsync(bob);
        await two.BeginPollAsync();
        await server.Host.ParkedAsync(1);
        await admin.SendAsync("/admin kick bob \"out you go\"");
        Assert.Equal(
            "system_msg You have been kicked from the chat room. Reason: out you go",
            (await two.ReadAsync(s_soon)).Items!.Single().ToString());
        Assert.Equal("kicked", (await two.PollAsync()).Reason);

        // The poll times out.
        CometClient carol = await server.Host.LoginAsync("carol");
        using LaneClient three = await server.ConnectAsync(carol);
        await three.BeginPollAsync();
        await server.Host.ParkedAsync(1);
        server.Host.Clock.Advance(TimeSpan.FromSeconds(56));
        Assert.Equal("{\"status\":\"ok\",\"response\":\"reconnect\"}", (await three.ReadAsync()).Body);

        // An id from the future, and the epoch of another log.
        Assert.Equal("{\"status\":\"error\",\"response\":\"resync\"}", await AskAsync(three, three.PollFrom(1_000_000)));
        Assert.Equal(
            "{\"status\":\"error\",\"response\":\"resync\"}",
            await AskAsync(three, three.Poll.Replace(" HTTP", "&epoch=another HTTP", StringComparison.Ordinal)));

        // The session becomes idle: not while its poll is parked, but afterwards.
        await three.BeginPollAsync();
        await server.Host.ParkedAsync(1);
        server.Host.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True((await three.ReadAsync()).IsReconnect);

        // Not so far ahead that the reason is forgotten again.
        server.Host.Clock.Advance(TimeSpan.FromSeconds(186));
        await Eventually.BeTrueAsync(() => server.Host.Room.SessionCount == 0);
        Assert.Equal("{\"status\":\"error\",\"response\":\"bad_session\",\"reason\":\"timeout\"}", await AskAsync(three, three.Poll));
        Assert.Equal(0, server.Host.Office.Parked);

        static async Task<string> AskAsync(LaneClient client, string poll)
        {
            await client.Raw.SendAsync(poll);
            return (await client.ReadAsync()).Body;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fifth_poll_ends_the_oldest(bool lane)
    {
        await using LaneServer server = await LaneServer.StartStillAsync(lane);
        CometClient alice = await server.Host.LoginAsync("alice");
        var tabs = new List<LaneClient>();
        for (int i = 0; i < 5; i++)
        {
            tabs.Add(await server.ConnectAsync(alice));
            await tabs[i].BeginPollAsync();
            if (i < 4)
                await server.Host.ParkedAsync(i + 1);
        }

        Assert.Equal("{\"status\":\"error\",\"response\":\"superseded\"}", (await tabs[0].ReadAsync()).Body);
        await server.Host.ParkedAsync(4);
        await alice.SendAsync("hi");
        foreach (LaneClient tab in tabs.Skip(1))
            Assert.Equal("hi", (await tab.ReadAsync()).Items!.Single().Text);
        tabs.ForEach(tab => tab.Dispose());
        Assert.Equal(lane ? 0 : 5, server.Ordinary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stopping_answers_every_waiting_poll_and_closes_every_other_connection(bool lane)
    {
        await using LaneServer server = await LaneServer.StartAsync(lane, ChatServerHost.NoLimits);
        var parked = new List<LaneClient>();
        var idle = new List<LaneClient>();
        for (int i = 0; i < 50; i++)
        {
            CometClient one = await server.Host.LoginAsync($"user{i}");
            for (int tab = 0; tab < 4; tab++)
                parked.Add(await server.ConnectAsync(one));
            idle.Add(await server.ConnectAsync(one));
        }

        // The idle connections: some have sent nothing yet, some have polled, some made an ordinary request, some did both.
        for (int i = 0; i < idle.Count; i++)
        {
            if (i % 2 == 1)
                await idle[i].GetAsync("/chat/me/");
            if (i % 4 >= 2)
            {
                idle[i].Token = null;
                Assert.Equal("bad_session", (await idle[i].PollAsync()).Error);
            }
        }

        int ordinary = server.Ordinary;
        for (int i = 0; i < parked.Count; i++)
        {
            // All cursors are after the last login, so that the joins do not keep the polls from parking.
            parked[i].Cursor = server.Host.Office.Head + 1;
            if (i % 2 == 1)
                await parked[i].GetAsync("/chat/me/");
            await parked[i].BeginPollAsync();
        }

        await server.Host.ParkedAsync(200);
        Assert.Equal(lane ? 0 : 200, server.Ordinary - ordinary);
        long started = TimeProvider.System.GetTimestamp();
        await server.Host.StopAsync();
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        foreach (LaneClient one in parked)
        {
            CometAnswer answer = await one.ReadAsync();
            Assert.True(answer.IsReconnect && answer.Json.GetProperty("stopping").GetBoolean(), answer.Body);
            Assert.Equal("close", answer.Headers["Connection"]);
            Assert.True(await one.Raw.IsClosedAsync());
            one.Dispose();
        }

        foreach (LaneClient one in idle)
        {
            Assert.True(await one.Raw.IsClosedAsync());
            one.Dispose();
        }

        Assert.Equal(0, server.Host.Office.Parked);
        Assert.True(took < TimeSpan.FromSeconds(2), $"{took}");
    }

    [Fact]
    public async Task A_poll_during_the_stop_is_told_when_to_come_back()
    {
        await using LaneServer server = await LaneServer.StartAsync(lane: true);
        using LaneClient alice = await server.ConnectAsync();
        await alice.LoginAsync("alice");
        await alice.SendMessageAsync("unread");
        server.Host.Office.StopAdmitting();
        CometAnswer unread = await alice.PollAsync();
        Assert.Equal("unread", unread.Items!.Single().Text);
        Assert.Equal("close", unread.Headers["Connection"]);
        Assert.True(await alice.Raw.IsClosedAsync());

        using LaneClient again = await server.ConnectAsync();
        (again.Token, again.Cursor) = (alice.Token, alice.Cursor);
        CometAnswer answer = await again.PollAsync();
        Assert.True(answer.IsReconnect);
        Assert.Equal("close", answer.Headers["Connection"]);
        Assert.InRange(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 5);
        Assert.True(await again.Raw.IsClosedAsync());
        Assert.Equal(0, server.Ordinary);
    }
}

namespace ErlChat.Web.Tests.Comet;

/// <summary>The parked poll (docs/comet.md, clause 4).</summary>
public class WaitTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_poll_parks_until_mail_comes()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await alice.ReadAsync();
        Task<CometAnswer> poll = alice.WaitAsync();
        await server.ParkedAsync(1);
        await bob.SendAsync("hi");
        Assert.Equal("chat_msg bob hi", (await poll.WithinAsync(s_soon)).Items!.Single().ToString());
        Assert.Equal(0, server.Office.Parked);
    }

    [Fact]
    public async Task By_default_a_poll_is_told_to_reconnect_after_20_to_30_seconds()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient[] people = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.LoginAsync($"user{i}")));
        foreach (CometClient one in people)
            await one.StartAsync();
        Task<CometAnswer>[] polls = [.. people.Select(one => one.WaitAsync(limit: TimeSpan.FromSeconds(20)))];
        await server.ParkedAsync(20);
        server.Clock.Advance(TimeSpan.FromSeconds(19.9));
        Assert.Equal(20, server.Office.Parked);
        server.Clock.Advance(TimeSpan.FromSeconds(5.1));

        // Each poll has a separate random time: after half of the span, some are answered and some are not (except in about one run in 500
        // 000).
        await Eventually.BeTrueAsync(() => server.Office.Parked < 20);
        Assert.InRange(server.Office.Parked, 1, 19);
        server.Clock.Advance(TimeSpan.FromSeconds(5.1));
        foreach (CometAnswer answer in await Task.WhenAll(polls).WithinAsync())
            Assert.True(answer.IsReconnect);
    }

    [Fact]
    public async Task Four_polls_park_together_and_get_the_same_answer()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        Task<CometAnswer>[] polls = [.. Enumerable.Range(0, 4).Select(_ => alice.Tab().WaitAsync())];
        await server.ParkedAsync(4);
        await alice.SendAsync("hi");
        CometAnswer[] answers = await Task.WhenAll(polls).WithinAsync(s_soon);
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        Assert.Equal("sent_chat_msg alice hi", answers[0].Items!.Single().ToString());
    }

    [Fact]
    public async Task A_fifth_poll_ends_the_oldest_which_stops()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        var polls = new List<Task<CometAnswer>>();
        for (int i = 1; i <= 4; i++)
        {
            polls.Add(alice.Tab().WaitAsync());
            await server.ParkedAsync(i);
        }

        polls.Add(alice.Tab().WaitAsync());
        CometAnswer oldest = await polls[0].WithinAsync(s_soon);
        Assert.Equal("{\"status\":\"error\",\"response\":\"superseded\"}", oldest.Body);
        Assert.Equal(HttpStatusCode.OK, oldest.Status);
        await server.ParkedAsync(4);
        Assert.DoesNotContain(polls.Skip(1), poll => poll.IsCompleted);
        await alice.SendAsync("hi");
        foreach (Task<CometAnswer> poll in polls.Skip(1))
            Assert.Equal("hi", (await poll.WithinAsync(s_soon)).Items!.Single().Text);
    }

    [Fact]
    public async Task The_next_id_parks_and_a_higher_one_gets_a_resync()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        long id = (await alice.SendAsync("hi")).Id!.Value;
        Assert.Equal("resync", (await alice.WaitAsync($"?msg_id={id + 2}")).Error);
        Task<CometAnswer> poll = alice.WaitAsync($"?msg_id={id + 1}");
        await server.ParkedAsync(1);
        await alice.SendAsync("ho");
        Assert.Equal("ho", (await poll.WithinAsync(s_soon)).Items!.Single().Text);
    }

    [Theory]
    [InlineData("?msg_id=-1")]
    [InlineData("?msg_id=9223372036854775807")]
    [InlineData("?msg_id=9223372036854775808")]
    [InlineData("?msg_id=-9223372036854775809")]
    [InlineData("?msg_id=99999999999999999999999999")]
    [InlineData("?msg_id=1000000")]
    [InlineData("?msg_id=0&epoch=another")]
    [InlineData("?epoch=another")]
    public async Task A_position_that_cannot_be_continued_gets_a_resync(string query)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("hi");
        Assert.Equal("{\"status\":\"error\",\"response\":\"resync\"}", (await alice.WaitAsync(query)).Body);
    }

    [Fact]
    public async Task The_right_epoch_has_the_same_effect_as_none()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("hi");
        Assert.Equal(
            "hi", (await alice.WaitAsync($"?msg_id={alice.Cursor}&epoch={Uri.EscapeDataString(alice.Epoch!)}")).Items!.Single().Text);
    }

    [Fact]
    public async Task A_reader_that_fell_too_far_behind_gets_a_resync_and_then_continues()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            [.. ChatServerHost.NoLimits, "Chat:MaxMailboxItems=10", "Chat:KeepAcknowledged=0"]);
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        for (int i = 0; i < 30; i++)
            await bob.SendAsync($"{i}");
        Assert.Equal("resync", (await alice.WaitAsync()).Error);
        await alice.StartAsync();
        Assert.Equal(["bob", "alice"], await alice.OnlineAsync());
        await bob.SendAsync("again");
        Assert.Equal("chat_msg bob again", (await alice.ReadAsync()).Single().ToString());
    }

    [Fact]
    public async Task A_position_that_was_acknowledged_and_forgotten_gets_a_resync()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:KeepAcknowledged=0");
        CometClient alice = await server.LoginAsync("alice");
        long from = alice.Cursor;
        await alice.SendAsync("one");
        await alice.SendAsync("two");
        await alice.ReadAsync();
        Task<CometAnswer> poll = alice.WaitAsync();
        await server.ParkedAsync(1);
        Assert.Equal("resync", (await alice.Tab().WaitAsync($"?msg_id={from}")).Error);
        await alice.SendAsync("three");
        await poll.WithinAsync(s_soon);
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_nothing_parked()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        int timers = server.Clock.Timers;
        string get = $"GET /chat/wait/?msg_id={alice.Cursor} HTTP/1.1\r\nHost: localhost\r\nCookie: chat_sess={alice.Token}\r\n\r\n";
        for (int i = 0; i < 8; i++)
        {
            using RawHttp raw = await RawHttp.ConnectAsync(server);
            await raw.SendAsync(get);
            await server.ParkedAsync(1);
            if (i % 2 == 0)
                raw.Reset();
            else
                raw.Dispose();
            await server.ParkedAsync(0);
        }

        await Eventually.BeTrueAsync(() => server.Clock.Timers == timers);
    }
}

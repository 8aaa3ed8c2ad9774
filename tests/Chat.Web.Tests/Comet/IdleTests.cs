namespace ErlChat.Web.Tests.Comet;

/// <summary>Idle sessions are removed, sessions with a parked poll are not (docs/comet.md, clause 12).</summary>
public class IdleTests
{
    [Fact]
    public async Task A_session_without_a_call_for_160_seconds_is_removed_with_reason_timeout()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await alice.OnlineAsync();
        for (int i = 0; i < 15; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(10));
            await alice.StartAsync();
        }

        Assert.Equal(2, server.Room.SessionCount);
        long from = alice.Cursor;
        server.Clock.Advance(TimeSpan.FromSeconds(15));
        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 1);
        Assert.Equal("user_left_room bob timeout", (await alice.WaitAsync($"?msg_id={from}")).Items![^1].ToString());
        CometAnswer gone = await bob.WaitAsync();
        Assert.Equal("bad_session", gone.Error);
        Assert.Equal("timeout", gone.Reason);
        Assert.Equal("bad_session", (await bob.StartAsync()).Error);
    }

    [Fact]
    public async Task A_session_with_a_parked_tab_is_not_idle_even_if_its_other_tab_is_silent()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(
            "Chat:PollTimeout=00:10:00", "Chat:PollJitter=00:00:00", "Chat:IdleLimit=00:11:00");
        CometClient alice = await server.LoginAsync("alice");
        for (int round = 0; round < 3; round++)
        {
            Task<CometAnswer> poll = alice.WaitAsync();
            await server.ParkedAsync(1);
            for (int minute = 0; minute < 10; minute++)
                server.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.True((await poll).IsReconnect);
            Assert.Equal(1, server.Room.SessionCount);
        }

        server.Clock.Advance(TimeSpan.FromMinutes(10.9));
        Assert.True((await alice.StartAsync()).IsOk);
        server.Clock.Advance(TimeSpan.FromMinutes(11.2));
        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 0);
    }

    [Fact]
    public async Task A_session_with_a_closed_tab_is_removed_once_the_limit_has_passed()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await alice.ReadAsync();
        using (RawHttp tab = await RawHttp.ConnectAsync(server))
        {
            await tab.SendAsync(
                $"GET /chat/wait/?msg_id={bob.Cursor} HTTP/1.1\r\nHost: localhost\r\nCookie: chat_sess={bob.Token}\r\n\r\n");
            await server.ParkedAsync(1);
            server.Clock.Advance(TimeSpan.FromSeconds(30));
            tab.Reset();
        }

        await server.ParkedAsync(0);
        for (int i = 0; i < 17; i++)
        {
            Assert.True((await alice.GetAsync("/chat/me/")).IsOk);
            server.Clock.Advance(TimeSpan.FromSeconds(i < 16 ? 9.5 : 15));
        }

        Assert.Equal("user_left_room bob timeout", (await alice.ReadAsync()).Single().ToString());
    }

    [Theory]
    [InlineData("/chat/start/")]
    [InlineData("/chat/online/")]
    [InlineData("/chat/rooms/")]
    [InlineData("/chat/history/")]
    [InlineData("/chat/me/")]
    [InlineData("/chat/wait/?msg_id=99999")]
    [InlineData(null)]
    public async Task Any_call_counts_as_activity(string? path)
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        for (int i = 0; i < 4; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(100));
            _ = path is null ? await alice.SendAsync("hi") : await alice.GetAsync(path);
            Assert.Equal(1, server.Room.SessionCount);
        }

        server.Clock.Advance(TimeSpan.FromSeconds(166));
        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 0);
    }
}

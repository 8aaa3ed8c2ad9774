namespace ErlChat.Web.Tests.Comet;

/// <summary>
/// Idle sessions are removed, or their users go offline; sessions with a parked poll are not idle (docs/comet.md, clause 12).
/// </summary>
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

    [Theory]
    [InlineData("/chat/start/")]
    [InlineData("/chat/me/")]
    [InlineData("/chat/online/")]
    [InlineData("/chat/rooms/")]
    [InlineData("/chat/history/?with=*")]
    public async Task Any_call_brings_a_user_back_with_everything(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        Assert.True((await bob.PostAsync("/chat/join/", ("room", "den"))).IsOk);
        Assert.True((await alice.PostAsync("/chat/join/", ("room", "den"))).IsOk);
        string me = (await bob.GetAsync("/chat/me/")).Body;
        await GoOfflineAsync(server, alice);
        Assert.Equal(["alice"], await alice.OnlineAsync());
        Assert.True((await alice.SendAsync("are you there?", to: "bob")).IsOk);
        await alice.ReadAsync();

        Assert.True((await bob.GetAsync(path)).IsOk);
        CometItemView back = Assert.Single(await alice.ReadAsync());
        Assert.Equal("user_joined_room bob", back.ToString());
        Assert.True(back.Json.GetProperty("back").GetBoolean());
        Assert.Equal(["lobby", "den"], back.Json.GetProperty("rooms").EnumerateArray().Select(room => room.GetString()));
        Assert.Equal(me, (await bob.GetAsync("/chat/me/")).Body);
        Assert.Contains("are you there?", (await bob.GetAsync("/chat/history/?with=*")).Body, StringComparison.Ordinal);
        Assert.Equal(2, server.Room.SessionCount);
    }

    // Clients that send epoch know resync. The one of 2009 does not, and tells its user to log in.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_poll_brings_a_user_back_if_its_client_can_continue(bool fastLane)
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync($"Chat:FastLane={fastLane}");
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(server, alice);

        // Both while the mailbox still says why it was closed, and later.
        for (int round = 0; round < 2; round++)
        {
            CometAnswer old = await bob.WaitAsync();
            Assert.Equal(("bad_session", "timeout"), (old.Error, old.Reason));
            Assert.Equal(1, server.Room.SessionCount);
            server.Clock.Advance(TimeSpan.FromSeconds(31));
            Assert.True((await alice.StartAsync()).IsOk);
        }

        Assert.Equal("resync", (await bob.WaitAsync($"?msg_id={bob.Cursor}&epoch={bob.Epoch}")).Error);
        Assert.Equal(2, server.Room.SessionCount);
        Assert.True((await bob.StartAsync()).IsOk);
        await alice.SendAsync("welcome back");
        Assert.Equal("chat_msg alice welcome back", Assert.Single(await bob.ReadAsync()).ToString());
    }

    [Fact]
    public async Task A_user_who_is_offline_can_log_out_and_nobody_is_told_again()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(server, alice);
        await alice.StartAsync();
        Assert.True((await bob.LeaveAsync()).IsOk);
        await alice.SendAsync("nothing came before this");
        Assert.Equal("sent_chat_msg", (await alice.ReadAsync())[0].Type);
        Assert.Equal((1, 0), (server.Room.SessionCount, server.Room.OfflineCount));
        Assert.Equal("bad_session", (await bob.StartAsync()).Error);
    }

    // P2: the browser is closed, opened again the next day, and the user enters the same nick.
    [Fact]
    public async Task A_login_with_the_nick_of_the_browsers_own_session_continues_it()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(server, alice);
        CometAnswer again = await bob.LoginAsync("BOB");
        Assert.Equal(HttpStatusCode.Found, again.Status);
        Assert.False(again.Headers.ContainsKey("Set-Cookie"));
        Assert.Equal(2, server.Room.SessionCount);
        Assert.True((await bob.StartAsync()).IsOk);

        // For a stranger the nick is taken, whether its user is online or not.
        Assert.Equal(HttpStatusCode.OK, (await server.Stranger("bob").LoginAsync()).Status);
    }

    [Fact]
    public async Task A_user_who_was_banned_while_offline_cannot_come_back()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(server, admin);
        await admin.SendAsync("/admin ban bob rude 60 person");
        Assert.Equal("bad_session", (await bob.StartAsync()).Error);
        LoginTests.AssertRefused(
            await bob.LoginAsync(), "You are banned from the chat server. Time remaining: 1 minutes, 0 seconds");
    }

    // The operator's page sent an administrator who had been away to the login page, and that back to the operator's page.
    [Fact]
    public async Task The_operators_page_brings_a_user_back()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(ChatServerHost.AdminPassword);
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(server, alice);
        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync("/admin/")).Status);
        Assert.Equal(2, server.Room.SessionCount);
    }

    // A session that is not kept ends anyway, and the form asks for one that is.
    [Fact]
    public async Task A_login_does_not_continue_a_session_that_is_not_kept()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient bob = await server.LoginAsync("bob");
        Assert.Equal("nick_in_use", (await bob.LoginAsync()).Headers["Chat-Refusal"]);
    }

    [Fact]
    public async Task Without_a_lifetime_an_idle_session_ends()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:GuestLifetime=0");
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob", keeps: true);
        await GoOfflineAsync(server, alice);
        CometAnswer gone = await bob.WaitAsync($"?msg_id={bob.Cursor}&epoch={bob.Epoch}");
        Assert.Equal(("bad_session", "timeout"), (gone.Error, gone.Reason));
        Assert.Equal("bad_session", (await bob.StartAsync()).Error);
        Assert.Equal(0, server.Room.OfflineCount);
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

    /// <summary>Lets time pass until everybody but one user is offline.</summary>
    internal static async Task GoOfflineAsync(ChatServerHost server, CometClient stays)
    {
        for (int i = 0; i < 17; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(i < 16 ? 10 : 5));
            Assert.True((await stays.StartAsync()).IsOk);
        }

        await Eventually.BeTrueAsync(() => server.Room.SessionCount == 1);
        await stays.StartAsync();
    }
}

namespace ErlChat.Web.Tests.Comet;

/// <summary>Leave, kick, ban and eviction end parked polls, and say why (docs/comet.md, clause 11).</summary>
public class EndingTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Leaving_ends_every_parked_poll_of_the_session()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        Task<CometAnswer>[] polls = [alice.Tab().WaitAsync(), alice.Tab().WaitAsync()];
        await server.ParkedAsync(2);
        await alice.LeaveAsync();
        foreach (Task<CometAnswer> poll in polls)
            Assert.Equal(
                "{\"status\":\"error\",\"response\":\"bad_session\",\"reason\":\"left\"}", (await poll.WithinAsync(s_second)).Body);
        Assert.Equal("bad_session", (await alice.StartAsync()).Error);
        Assert.Equal("bad_session", (await alice.WaitAsync()).Error);
        Assert.Equal("bad_session", (await alice.GetAsync("/chat/online/")).Error);
        Assert.Equal("bad_session", (await alice.SendAsync("hi")).Error);
    }

    [Theory]
    [InlineData("kick bob \"out you go\"", "You have been kicked from the chat room. Reason: out you go", "kicked")]
    [InlineData(
        "ban bob \"bad boy\" 3600",
        "You have been banned from the chat room until Fri, 20 Nov 2026 08:00:00 GMT. Reason: bad boy",
        "banned")]
    public async Task A_removed_session_reads_its_notice_from_a_parked_poll(string command, string notice, string reason)
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob");
        Task<CometAnswer> poll = bob.WaitAsync();
        await server.ParkedAsync(1);
        await admin.SendAsync("/admin " + command);
        Assert.Equal($"system_msg {notice}", (await poll.WithinAsync(s_second)).Items!.Single().ToString());
        CometAnswer next = await bob.WaitAsync();
        Assert.Equal("bad_session", next.Error);
        Assert.Equal(reason, next.Reason);
    }

    [Theory]
    [InlineData("kick bob x", "kicked", "user_left_room bob kicked: x")]
    [InlineData("ban bob x 3600", "banned", "user_left_room bob banned: x")]
    public async Task Without_a_parked_poll_the_notice_comes_at_the_next_poll_with_all_unread_items(
        string command, string reason, string told)
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob");
        CometClient carol = await server.LoginAsync("carol");
        await admin.SendAsync("last words");
        await admin.SendAsync("/admin " + command);
        Assert.Equal("bad_session", (await bob.StartAsync()).Error);
        Assert.Equal("bad_session", (await bob.SendAsync("no!")).Error);
        IReadOnlyList<CometItemView> items = await bob.ReadAsync();
        Assert.Equal(["user_joined_room carol", "chat_msg root1 last words"], items.SkipLast(1).Select(item => item.ToString()));
        Assert.StartsWith("You have been " + reason, items[^1].Text, StringComparison.Ordinal);
        Assert.Equal(reason, (await bob.WaitAsync()).Reason);
        Assert.Equal(["chat_msg root1 last words", told], (await carol.ReadAsync()).Select(item => item.ToString()));
        Assert.Equal(["root1", "carol"], await carol.OnlineAsync());
    }

    [Fact]
    public async Task The_notice_is_kept_for_a_poll_interval()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(ChatServerHost.AdminPassword, "Chat:IdleLimit=01:00:00");
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob");
        await admin.SendAsync("/admin kick bob x");
        server.Clock.Advance(TimeSpan.FromSeconds(25));
        Assert.Single((await bob.Tab().WaitAsync()).Items!);
        Assert.Single((await bob.WaitAsync()).Items!);
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.BeTrueAsync(() => server.Office.Count == 1);
        CometAnswer later = await bob.WaitAsync();
        Assert.Equal("{\"status\":\"error\",\"response\":\"bad_session\"}", later.Body);
    }

    [Fact]
    public async Task A_reason_is_cut_to_32_bytes_for_others_but_complete_for_the_kicked_user()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob");
        string reason = string.Concat(Enumerable.Repeat("é", 30));
        await admin.SendAsync($"/admin kick bob {reason}");
        Assert.EndsWith("Reason: " + reason, (await bob.ReadAsync()).Single().Text, StringComparison.Ordinal);
        string told = (await admin.ReadUntilAsync(item => item.Type == "user_left_room"))[^1].Data.GetProperty("reason").GetString()!;
        Assert.Equal("kicked: " + string.Concat(Enumerable.Repeat("é", 12)), told);
    }

    [Fact]
    public async Task A_kicked_user_may_log_in_again_at_once()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.AdminPassword);
        CometClient admin = await server.LoginAdminAsync("root1");
        CometClient bob = await server.LoginAsync("bob");
        await admin.SendAsync("/admin kick BOB x");
        string old = bob.Token!;
        await bob.LoginAsync();
        Assert.NotEqual(old, bob.Token);
        Assert.True((await bob.StartAsync()).IsOk);
    }
}

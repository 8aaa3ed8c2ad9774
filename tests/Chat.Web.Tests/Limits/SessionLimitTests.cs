using ErlChat.Web.Tests.Comet;

namespace ErlChat.Web.Tests.Limits;

/// <summary>The message rate of a session, and the number of sessions per host (docs/comet.md, clause 9).</summary>
public class SessionLimitTests
{
    [Fact]
    public async Task Ten_messages_at_once_and_then_one_every_three_tenths_of_a_second()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        for (int burst = 0; burst < 2; burst++)
        {
            for (int i = 0; i < 10; i++)
                Assert.True((await alice.SendAsync($"{i}")).IsOk);
            CometAnswer refused = await alice.SendAsync("x");
            Assert.Equal("{\"status\":\"error\",\"response\":\"rate_limited\",\"retry_after\":1}", refused.Body);
            server.Clock.Advance(TimeSpan.FromMilliseconds(301));
            Assert.True((await alice.SendAsync("11")).IsOk);
            Assert.Equal("rate_limited", (await alice.SendAsync("x")).Error);
            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_refused_sender_gets_the_originals_word_and_nobody_gets_the_message()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:RateLimitCount=2");
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        for (int i = 0; i < 5; i++)
            await alice.SendAsync($"{i}");
        Assert.Equal(
            [
                "user_joined_room bob", "sent_chat_msg alice 0", "sent_chat_msg alice 1",
                "system_msg You are sending messages too fast. Please wait a few seconds and try again.",
            ],
            (await alice.ReadAsync()).Select(item => item.ToString()));
        Assert.Equal(["chat_msg alice 0", "chat_msg alice 1"], (await bob.ReadAsync()).Select(item => item.ToString()));
    }

    [Fact]
    public async Task Commands_and_room_changes_count_and_empty_messages_do_not()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:RateLimitCount=4");
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("/help");
        await alice.SendAsync("  ");
        Assert.True((await alice.PostAsync("/chat/join/", ("room", "den"))).IsOk);
        Assert.True((await alice.PostAsync("/chat/part/", ("room", "den"))).IsOk);
        Assert.True((await alice.SendAsync("hi")).IsOk);
        Assert.Equal("rate_limited", (await alice.SendAsync("/help")).Error);
        Assert.Equal("rate_limited", (await alice.PostAsync("/chat/join/", ("room", "den"))).Error);
    }

    [Fact]
    public async Task Each_session_has_its_own_limit()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Chat:RateLimitCount=1");
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        Assert.True((await alice.SendAsync("x")).IsOk);
        Assert.True((await bob.SendAsync("x")).IsOk);
        Assert.Equal("rate_limited", (await alice.SendAsync("x")).Error);
    }

    [Fact]
    public async Task By_default_a_host_may_have_32_sessions_and_a_leave_frees_exactly_one()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        var all = new List<CometClient>();
        for (int i = 0; i < 32; i++)
            all.Add(await server.LoginAsync($"user{i}"));
        LoginTests.AssertRefused(await server.Stranger().LoginAsync("more"), "too many connections");
        await all[0].LeaveAsync();
        await all[0].LeaveAsync();
        Assert.NotNull((await server.Stranger().LoginAsync("more")).Token);
        LoginTests.AssertRefused(await server.Stranger().LoginAsync("evenmore"), "too many connections");
    }

    [Fact]
    public async Task Only_a_trusted_proxy_can_say_where_a_client_comes_from()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:MaxSessionsPerHost=1", "Chat:TrustedProxies=192.0.2.1, 10.0.0.0/8");
        Assert.NotNull((await server.Stranger().LoginAsync("one", ("X-Forwarded-For", "198.51.100.1"))).Token);
        LoginTests.AssertRefused(await server.Stranger().LoginAsync("two", ("X-Forwarded-For", "198.51.100.2")), "too many connections");
    }

    [Fact]
    public async Task The_clients_address_is_the_last_entry_that_is_not_a_trusted_proxy()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:MaxSessionsPerHost=1", "Chat:TrustedProxies=127.0.0.1 10.0.0.0/8");
        Assert.NotNull((await server.Stranger().LoginAsync("one", ("X-Forwarded-For", "198.51.100.1"))).Token);
        Assert.NotNull((await server.Stranger().LoginAsync("two", ("X-Forwarded-For", "198.51.100.2"))).Token);
        LoginTests.AssertRefused(await server.Stranger().LoginAsync("x", ("X-Forwarded-For", "198.51.100.1")), "too many connections");

        // An entry that the client wrote before the last one is not trusted. An entry that an inner proxy added is skipped.
        LoginTests.AssertRefused(
            await server.Stranger().LoginAsync("x", ("X-Forwarded-For", "203.0.113.9, 198.51.100.1")), "too many connections");
        LoginTests.AssertRefused(
            await server.Stranger().LoginAsync("x", ("X-Forwarded-For", "198.51.100.1, 10.1.2.3")), "too many connections");
        Assert.NotNull((await server.Stranger().LoginAsync("three", ("X-Forwarded-For", "garbage"))).Token);
        LoginTests.AssertRefused(await server.Stranger().LoginAsync("x"), "too many connections");
    }

    [Fact]
    public async Task IPv6_addresses_are_counted_by_their_64_prefix()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:MaxSessionsPerHost=1", "Chat:TrustedProxies=127.0.0.1");
        Assert.NotNull((await server.Stranger().LoginAsync("one", ("X-Forwarded-For", "2001:db8:1:1::1"))).Token);
        LoginTests.AssertRefused(
            await server.Stranger().LoginAsync("x", ("X-Forwarded-For", "2001:db8:1:1:ffff::2")), "too many connections");
        Assert.NotNull((await server.Stranger().LoginAsync("two", ("X-Forwarded-For", "2001:db8:1:2::1"))).Token);
        Assert.NotNull((await server.Stranger().LoginAsync("three", ("X-Forwarded-For", "::ffff:198.51.100.1"))).Token);
        LoginTests.AssertRefused(await server.Stranger().LoginAsync("x", ("X-Forwarded-For", "198.51.100.1")), "too many connections");
    }
}

using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ErlChat.Web.Tests.Limits;

/// <summary>What an address and a session may request over HTTP (docs/comet.md, clause 9).</summary>
public class LimitTests
{
    // Previously, a loop of login, ten messages and leave reached 9 095 messages per second from one address.
    [Fact]
    public async Task Repeated_login_talk_and_leave_share_one_budget()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        int said = 0;
        CometAnswer? refused = null;
        for (int i = 0; i < 20; i++)
        {
            CometClient one = server.Stranger();
            await one.LoginAsync($"user{i}");
            for (int k = 0; k < 10; k++)
            {
                CometAnswer answer = await one.SendAsync("x");
                said += answer.IsOk ? 1 : 0;
                refused = answer.IsOk ? refused : answer;
            }

            await one.LeaveAsync();
        }

        Assert.Equal(150, said);
        Assert.Equal("{\"status\":\"error\",\"response\":\"rate_limited\",\"retry_after\":1}", refused!.Body);
        Assert.Equal(HttpStatusCode.OK, refused.Status);
        Assert.Single(server.Logs.Of("LimitBegins"), line => line.Text.Contains("Messages", StringComparison.Ordinal));
    }

    // Previously, a loop of login and leave sent 2 528 items per second to everybody in the lobby.
    [Fact]
    public async Task A_login_over_the_limit_gets_a_page_and_programs_are_told_when_to_come_back()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        for (int i = 0; i < 40; i++)
        {
            CometClient one = server.Stranger();
            Assert.NotNull((await one.LoginAsync($"user{i}")).Token);
            await one.LeaveAsync();
        }

        string before = server.Picture();
        CometAnswer refused = await server.Stranger().LoginAsync("more");
        Assert.Equal(before, server.Picture());
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("3", refused.Headers["Retry-After"]);
        Assert.Equal("rate_limited", refused.Headers["Chat-Refusal"]);
        Assert.Null(refused.Token);
        Assert.Contains(
            "Too many people have logged in from your address. Please try again in 3 seconds.", refused.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"more\"", refused.Body, StringComparison.Ordinal);
        server.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.NotNull((await server.Stranger().LoginAsync("more")).Token);
    }

    // Previously, a loop of GET /chat/start/ wrote 8 135 entries per second to the log, without end.
    [Fact]
    public async Task A_sessions_reads_are_limited_and_it_is_told_when_to_come_back()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(
            "Limits:Reads:Session:Count=20", "Limits:Reads:Session:Window=00:00:40");
        CometClient alice = await server.LoginAsync("alice");
        string[] paths =
        [
            "/chat/start/", "/chat/online/", "/chat/rooms/", "/chat/history/", "/chat/search/?q=x", "/chat/me/", "/chat/commands/",
            "/chat/bans/",
        ];
        for (int i = 0; i < 19; i++)
            Assert.NotEqual("rate_limited", (await alice.GetAsync(paths[i % paths.Length])).Error);
        long head = server.Office.Head;
        foreach (string path in paths)
        {
            CometAnswer refused = await alice.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, refused.Status);
            Assert.Equal("{\"status\":\"error\",\"response\":\"rate_limited\",\"retry_after\":2}", refused.Body);
        }

        Assert.Equal("rate_limited", (await alice.SendAsync("x")).Error);
        Assert.Equal(head, server.Office.Head);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await alice.StartAsync()).IsOk);

        // The budget belongs to the session.
        CometClient bob = await server.LoginAsync("bob");
        Assert.True((await bob.SendAsync("x")).IsOk);
    }

    [Fact]
    public async Task Without_a_session_every_call_counts_as_a_read_of_the_address()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(
            "Limits:Reads:Address:Count=4", "Limits:Reads:Address:Window=00:00:48");
        CometClient nobody = server.Stranger();
        CometClient stale = server.Stranger();
        stale.Token = "gone";
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/")).Status);
        Assert.Equal("bad_session", (await stale.GetAsync("/chat/start/")).Error);
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync("/nowhere")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await nobody.GetAsync("/login/")).Status);
        foreach (string path in (string[])["/", "/chat/", "/nodes", "/nowhere", "/assets/x/y.js", "/login/", "/chat-server", "/js/chat.js"])
            AssertTold(await nobody.GetAsync(path));
        AssertTold(await nobody.LoginAsync("alice"));
        AssertTold(await nobody.PostAsync("/chat/leave/"));
        foreach (string path in (string[])["/chat/start/", "/chat/online/", "/chat/history/", "/chat/wait/?msg_id=0"])
        {
            foreach (CometClient one in (CometClient[])[nobody, stale])
            {
                CometAnswer refused = await one.GetAsync(path);
                AssertTold(refused);
                Assert.Equal("rate_limited", refused.Error);
            }
        }

        server.Clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal("bad_session", (await stale.GetAsync("/chat/wait/?msg_id=0")).Error);

        static void AssertTold(CometAnswer refused)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
            Assert.Equal("12", refused.Headers["Retry-After"]);
        }
    }

    [Fact]
    public async Task A_probe_every_second_is_answered_whatever_else_its_address_requests()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(
            "Limits:Reads:Address:Count=1", "Limits:Reads:Address:Window=01:00:00");
        CometClient nobody = server.Stranger();
        await nobody.GetAsync("/");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await nobody.GetAsync("/")).Status);
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync(i % 2 == 0 ? "/healthz" : "/readyz")).Status);
            server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        for (int i = 0; i < 60; i++)
            await nobody.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await nobody.GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task Every_endpoint_declares_its_cost()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        Endpoint[] all = [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints];
        Assert.True(all.Length > 15, $"{all.Length} endpoints");
        Assert.Empty(
            all.Where(endpoint => endpoint.Metadata.GetMetadata<LimitAttribute>() is null).Select(endpoint => endpoint.DisplayName));
        Assert.Single(all, endpoint => endpoint.Metadata.GetMetadata<LimitAttribute>()!.Charge == Charge.Poll);
    }

    [Fact]
    public async Task An_IPv6_48_gets_eight_times_as_much_as_a_64()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync(
            "Chat:TrustedProxies=127.0.0.1", "Limits:Reads:Address:Count=2", "Limits:Reads:Address:Window=01:00:00");
        CometClient nobody = server.Stranger();
        int answered = 0;
        for (int i = 0; i < 12; i++)
        {
            for (int k = 0; k < 3; k++)
                answered += await StatusOfAsync($"2001:db8:1:{i + 1}::{k + 1}") == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.Equal(16, answered);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("2001:db8:2:1::1"));

        async Task<HttpStatusCode> StatusOfAsync(string address) => (await nobody.GetAsync("/", null, ("X-Forwarded-For", address))).Status;
    }

    [Theory]
    [InlineData("Limits:Logins:Address:Count=-1", "Limits:Logins:Address:Count (-1)")]
    [InlineData("Limits:Reads:Session:Window=00:00:00", "Limits:Reads:Session:Window")]
    [InlineData("Limits:LogBytes:Server:Count=many", "Limits:LogBytes:Server:Count")]
    [InlineData("Limits:Connections:Address=-1", "Limits:Connections:Address")]
    [InlineData("Limits:NetworkFactor=0", "Limits:NetworkFactor")]
    [InlineData("Limits:LongestDelay=00:01:00", "Limits:LongestDelay")]
    [InlineData("Limits:Logins:Adress:Count=1", "Limits:Logins:Adress")]
    public async Task An_invalid_limit_is_named(string option, string named)
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => ChatServerHost.StartAsync(option));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }
}

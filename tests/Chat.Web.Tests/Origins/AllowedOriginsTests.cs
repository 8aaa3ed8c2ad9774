namespace ErlChat.Web.Tests.Origins;

/// <summary>
/// Pages on other sites that the operator allows. Their calls are answered in such a way that a browser lets them read the answers. Calls
/// from all other sites are not.
/// </summary>
public class AllowedOriginsTests
{
    private const string Friend = "https://app.example:8443";

    [Fact]
    public async Task An_allowed_page_may_log_in_send_and_read()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:AllowedOrigins:0=https://other.example", $"Chat:AllowedOrigins:1={Friend}");
        (string, string)[] headers = [("Origin", Friend), ("Sec-Fetch-Site", "same-site")];
        CometClient alice = server.Stranger();
        CometAnswer login = await alice.LoginAsync("alice", headers);
        Assert.NotNull(login.Token);
        AssertReadable(login);
        AssertReadable(await alice.GetAsync("/chat/start/", headers: headers));
        AssertReadable(await alice.RequestAsync(HttpMethod.Post, "/chat/send_msg/", CometClient.Form(("msg", "hi")), headers));
        AssertReadable(await alice.GetAsync("/chat/wait/?msg_id=0", headers: headers));
        AssertReadable(await alice.RequestAsync(HttpMethod.Post, "/chat/leave/", null, headers));
    }

    [Theory]
    [InlineData(Friend, "POST", true)]
    [InlineData(Friend, "GET", true)]
    [InlineData("https://app.example", "POST", false)]
    [InlineData("http://app.example:8443", "POST", false)]
    [InlineData("null", "POST", false)]
    public async Task A_preflight_is_answered_for_exactly_the_allowed_pages(string origin, string method, bool allowed)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync($"Chat:AllowedOrigins={Friend}");
        CometAnswer answer = await server.Stranger().RequestAsync(
            HttpMethod.Options,
            "/chat/send_msg/",
            null,
            [
                ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "x-requested-with"),
            ]);
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(allowed ? origin : null, answer.Headers.GetValueOrDefault("Access-Control-Allow-Origin"));
        Assert.Equal(allowed ? "true" : null, answer.Headers.GetValueOrDefault("Access-Control-Allow-Credentials"));
        if (allowed)
        {
            Assert.Contains("X-Requested-With", answer.Headers["Access-Control-Allow-Headers"], StringComparison.OrdinalIgnoreCase);
            Assert.Equal("Origin", answer.Headers["Vary"]);
        }
    }

    // Without CORS headers on a 429, a browser told the page that the call had failed. When a preflight was refused, the browser told it
    // that the call is not allowed.
    [Fact]
    public async Task A_page_can_read_a_limits_refusal_and_a_preflight_over_the_limit_is_answered_late()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            $"Chat:AllowedOrigins={Friend}",
            "Limits:Reads:Address:Count=1",
            "Limits:Reads:Address:Window=01:00:00",
            "Limits:LongestDelay=00:00:01");
        (string, string)[] headers = [("Origin", Friend), ("Sec-Fetch-Site", "same-site")];
        CometClient stranger = server.Stranger();
        await stranger.GetAsync("/chat/me/", headers: headers);
        CometAnswer refused = await stranger.GetAsync("/chat/me/", headers: headers);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal(Friend, refused.Headers["Access-Control-Allow-Origin"]);
        long began = TimeProvider.System.GetTimestamp();
        CometAnswer preflight = await stranger.RequestAsync(
            HttpMethod.Options, "/chat/send_msg/", null, [("Origin", Friend), ("Access-Control-Request-Method", "POST")]);
        Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
        Assert.Equal(Friend, preflight.Headers["Access-Control-Allow-Origin"]);
        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(0.9));
    }

    // Previously, a name that becomes too long in its ASCII form caused an unhandled exception and status 500.
    [Theory]
    [InlineData("Origin")]
    [InlineData("Referer")]
    public async Task An_invalid_name_counts_as_another_site(string header)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync($"Chat:AllowedOrigins={Friend}");
        string host = string.Concat(Enumerable.Repeat("é", 58));
        byte[] request = System.Text.Encoding.UTF8.GetBytes(
            $"POST /chat/leave/ HTTP/1.1\r\nHost: localhost\r\n{header}: https://{host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.Equal(403, (await RawHttp.AskAsync(server, request))!.Status);
    }

    [Fact]
    public async Task A_page_that_is_not_allowed_can_read_nothing_and_change_nothing()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync($"Chat:AllowedOrigins={Friend}");
        CometClient alice = await server.LoginAsync("alice");
        (string, string)[] headers = [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")];
        CometAnswer read = await alice.GetAsync("/chat/online/", headers: headers);
        Assert.False(read.Headers.ContainsKey("Access-Control-Allow-Origin"));
        CometAnswer sent = await alice.RequestAsync(HttpMethod.Post, "/chat/send_msg/", CometClient.Form(("msg", "hi")), headers);
        Assert.Equal(HttpStatusCode.Forbidden, sent.Status);
        Assert.False(sent.Headers.ContainsKey("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Without_the_option_there_is_no_CORS_at_all()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometAnswer answer = await server.Stranger().RequestAsync(
            HttpMethod.Options, "/chat/send_msg/", null, [("Origin", Friend), ("Access-Control-Request-Method", "POST")]);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    private static void AssertReadable(CometAnswer answer)
    {
        Assert.True((int)answer.Status < 400, answer.Body);
        Assert.Equal(Friend, answer.Headers["Access-Control-Allow-Origin"]);
        Assert.Equal("true", answer.Headers["Access-Control-Allow-Credentials"]);
        Assert.Contains("Origin", answer.Headers["Vary"], StringComparison.Ordinal);
    }
}

namespace ErlChat.Web.Tests;

/// <summary>Pages elsewhere that the operator allows: their calls are answered so that a browser lets them read the answers, and those of
/// no others.</summary>
public class AllowedOriginsTests
{
    private const string Friend = "https://app.example:8443";

    [Fact]
    public async Task An_allowed_page_may_ask_send_and_read()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:AllowedOrigins:0=https://other.example", $"Chat:AllowedOrigins:1={Friend}");
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
    public async Task A_preflight_is_answered_to_exactly_those(string origin, string method, bool allowed)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync($"Chat:AllowedOrigins={Friend}");
        CometAnswer answer = await server.Stranger().RequestAsync(
            HttpMethod.Options, "/chat/send_msg/", null, [("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "x-requested-with")]);
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(allowed ? origin : null, answer.Headers.GetValueOrDefault("Access-Control-Allow-Origin"));
        Assert.Equal(allowed ? "true" : null, answer.Headers.GetValueOrDefault("Access-Control-Allow-Credentials"));
        if (allowed)
        {
            Assert.Contains("X-Requested-With", answer.Headers["Access-Control-Allow-Headers"], StringComparison.OrdinalIgnoreCase);
            Assert.Equal("Origin", answer.Headers["Vary"]);
        }
    }

    [Fact]
    public async Task Another_page_is_told_nothing_and_may_change_nothing()
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
        CometAnswer answer = await server.Stranger().RequestAsync(HttpMethod.Options, "/chat/send_msg/", null, [("Origin", Friend), ("Access-Control-Request-Method", "POST")]);
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

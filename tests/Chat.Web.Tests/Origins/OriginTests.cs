namespace ErlChat.Web.Tests.Origins;

/// <summary>A request that changes something is refused when a browser sends it on behalf of another site.</summary>
public class OriginTests
{
    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost.evil.example")]
    [InlineData("Origin", "garbage")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "nonsense")]
    public async Task Another_sites_request_changes_nothing(string header, string value)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string before = server.Picture();
        (HttpMethod, string)[] calls =
        [
            (HttpMethod.Post, "/chat/send_msg/"), (HttpMethod.Post, "/chat/leave/"), (HttpMethod.Get, "/chat/leave/"),
            (HttpMethod.Get, "/CHAT/leave"),
            (HttpMethod.Post, "/chat/join/"), (HttpMethod.Post, "/chat/part/"), (HttpMethod.Post, "/login/"), (HttpMethod.Put, "/login/"),
            (HttpMethod.Get, "/chat/wait/?msg_id=0&epoch=another"),
        ];
        foreach ((HttpMethod method, string path) in calls)
        {
            HttpContent? content = method == HttpMethod.Get ? null : CometClient.Form(("msg", "hi"), ("room", "den"), ("nick", "mallory"));
            CometAnswer answer = await alice.RequestAsync(method, path, content, [(header, value)]);
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Equal("cross_site", answer.Error);
            Assert.Null(answer.Token);
        }

        Assert.Equal(before, server.Picture());
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "{self}")]
    [InlineData("Origin", "")]
    public async Task The_sites_own_pages_and_programs_other_than_browsers_may(string header, string value)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string own = value.Replace("{self}", server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        Assert.NotNull((await server.Stranger().LoginAsync("bob", (header, own))).Token);
        Assert.True((await alice.RequestAsync(HttpMethod.Post, "/chat/send_msg/", CometClient.Form(("msg", "hi")), [(header, own)])).IsOk);
        Assert.True((await alice.RequestAsync(HttpMethod.Get, "/chat/leave/", null, [(header, own)])).IsOk);
        Assert.Equal("bad_session", (await alice.StartAsync()).Error);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_the_origin_is_compared_with_the_requested_host()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:TrustedProxies=127.0.0.1");
        (string, string)[] proxied =
        [
            ("X-Forwarded-Host", "chat.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.9"),
        ];
        Assert.NotNull((await server.Stranger().LoginAsync("alice", [("Origin", "https://chat.example"), .. proxied])).Token);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await server.Stranger().LoginAsync("bob", [("Origin", "https://other.example"), .. proxied])).Status);
    }

    [Fact]
    public async Task Reading_is_not_refused_since_another_site_cannot_see_the_answer()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer answer = await alice.GetAsync("/chat/online/?joins=all", headers: ("Sec-Fetch-Site", "cross-site"));
        Assert.True(answer.IsOk);
        Assert.False(answer.Headers.ContainsKey("Access-Control-Allow-Origin"));
    }
}

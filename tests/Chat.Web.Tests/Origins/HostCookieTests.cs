namespace ErlChat.Web.Tests.Origins;

/// <summary>
/// Over https the name of the session cookie binds it to this host, so that neither plain http nor a neighbouring host can replace it.
/// </summary>
public class HostCookieTests
{
    private static readonly (string, string) s_https = ("X-Forwarded-Proto", "https");
    private static readonly (string, string) s_browser = ("Sec-Fetch-Site", "same-origin");

    [Fact]
    public async Task Over_https_it_has_the_longer_name_and_leaving_removes_it()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient alice = server.Stranger();
        CometAnswer login = await alice.LoginAsync("alice", s_https);
        Assert.Equal($"__Host-chat_sess={alice.Token}; Path=/; HttpOnly; SameSite=Lax; Secure", login.Headers["Set-Cookie"]);
        CometAnswer leave = await alice.GetAsync(
            "/chat/leave/", headers: [s_https, s_browser, ("Cookie", $"__Host-chat_sess={alice.Token}")]);
        Assert.Equal("__Host-chat_sess=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure", leave.Headers["Set-Cookie"]);
        Assert.Equal("bad_session", (await alice.StartAsync()).Error);
    }

    [Fact]
    public async Task Leaving_over_https_removes_the_plain_cookie_too_if_there_is_one()
    {
        await using ChatServerHost server = await StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer leave = await alice.GetAsync("/chat/leave/", headers: [s_https, ("Cookie", $"chat_sess={alice.Token}")]);
        Assert.Equal(
            [
                "__Host-chat_sess=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
                "chat_sess=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
            ],
            leave.Headers["Set-Cookie"].Split('\n'));
        Assert.Equal("bad_session", (await alice.StartAsync()).Error);
    }

    /// <summary>
    /// On the lane and off it (the room is a parameter that only the ordinary pipeline knows). The session that a request belongs to must
    /// not depend on the way it is served.
    /// </summary>
    [Theory]
    [InlineData("__Host-chat_sess={alice}", true, true, "alice")]
    [InlineData("chat_sess={bob}; __Host-chat_sess={alice}", true, true, "alice")]
    [InlineData("__Host-chat_sess={alice}; chat_sess={bob}", true, true, "alice")]
    [InlineData("__Host-chat_sess=\"{alice}\"", true, true, "alice")]
    [InlineData("__Host-chat_sess=planted; chat_sess={bob}", true, true, null)]
    [InlineData("__host-chat_sess={alice}", true, true, null)]
    [InlineData("chat_sess={bob}", true, true, null)]
    [InlineData("chat_sess={bob}", true, false, "bob")]
    [InlineData("chat_sess={bob}", false, true, "bob")]
    [InlineData("chat_sess={bob}", false, false, "bob")]
    [InlineData("chat_sess={bob}; __Host-chat_sess={alice}", false, false, "alice")]
    public async Task The_longer_name_wins_and_is_the_only_one_accepted_from_a_browser_over_https(
        string cookie, bool https, bool browser, string? who)
    {
        await using ChatServerHost server = await StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometClient bob = await server.LoginAsync("bob");
        await alice.SendAsync("to alice alone", to: "alice");
        await bob.SendAsync("to bob alone", to: "bob");
        string header = cookie.Replace("{alice}", alice.Token, StringComparison.Ordinal)
            .Replace("{bob}", bob.Token, StringComparison.Ordinal);
        (string, string)[] headers =
        [
            ("Cookie", header), ("X-Forwarded-Proto", https ? "https" : "http"),
            .. browser ? [s_browser] : Array.Empty<(string, string)>(),
        ];
        CometAnswer me = await alice.GetAsync("/chat/me/", headers: headers);
        Assert.Equal(who, me.IsOk ? me.Response.GetProperty("nick").GetString() : null);
        foreach (string path in new[] { "/chat/wait/?msg_id=0", "/chat/wait/?msg_id=%30" })
        {
            CometAnswer poll = await alice.GetAsync(path, headers: headers);
            Assert.True(
                who is null ? poll.Error == "bad_session" : poll.Body.Contains($"to {who} alone", StringComparison.Ordinal),
                poll.Body);
        }
    }

    private static Task<ChatServerHost> StartAsync() => ChatServerHost.StartAsync("Chat:TrustedProxies=127.0.0.1");
}

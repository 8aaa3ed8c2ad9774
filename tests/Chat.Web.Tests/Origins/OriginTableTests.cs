namespace ErlChat.Web.Tests.Origins;

/// <summary>
/// Which requests count as coming from our own pages, judged by what a browser says about them. The server is reached as
/// http://chat.lan:8000, a name as used in a home or an office network, where a browser says far less than over https.
/// </summary>
public class OriginTableTests
{
    private const string Browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64)";

    /// <summary>Headers, and whether a POST, a GET that changes something, and an upgrade are accepted.</summary>
    public static TheoryData<string, bool, bool, bool> Table => new()
    {
        // Programs that are not browsers.
        { "", true, true, true },
        { "User-Agent: curl/8.0", true, true, true },

        // Sec-Fetch-Site decides if it is present.
        { "Sec-Fetch-Site: same-origin", true, true, true },
        { "Sec-Fetch-Site: none", true, true, true },
        { "Sec-Fetch-Site: same-site", false, false, false },
        { "Sec-Fetch-Site: cross-site", false, false, false },
        { "Sec-Fetch-Site: cross-site|Origin: http://chat.lan:8000|Referer: http://chat.lan:8000/", false, false, false },
        { "Sec-Fetch-Site: same-origin|Origin: http://elsewhere.example", true, true, true },
        { "Sec-Fetch-Site: cross-site|Origin: http://friend.example:8080", true, true, true },
        { "Sec-Fetch-Site: cross-site|Origin: null", false, false, false },
        { "Sec-Fetch-Site: nonsense", false, false, false },

        // Otherwise Origin decides: scheme, host and port.
        { "Origin: http://chat.lan:8000", true, true, true },
        { "Origin: HTTP://CHAT.LAN:8000", true, true, true },
        { "Origin: https://chat.lan:8000", false, false, false },
        { "Origin: http://chat.lan", false, false, false },
        { "Origin: http://chat.lan:9000", false, false, false },
        { "Origin: http://chat.lan.evil.example:8000", false, false, false },
        { "Origin: http://chat.lan:8000@evil.example", false, false, false },
        { "Origin: http://chat.lan:8000/page", false, false, false },
        { "Origin: http://friend.example:8080", true, true, true },
        { "Origin: http://friend.example", false, false, false },
        { "Origin: https://public.example", true, true, true },
        { "Origin: null", false, false, false },
        { "Origin: null|Referer: http://chat.lan:8000/", false, false, false },
        { "Origin: garbage", false, false, false },

        // Otherwise Referer decides.
        { "Referer: http://chat.lan:8000/chat/", true, true, true },
        { Browser + "|Referer: http://chat.lan:8000/", true, true, true },
        { "Referer: http://friend.example:8080/page?x=y", true, true, true },
        { "Referer: http://chat.lan:9000/", false, false, false },
        { "Referer: http://evil.example/http://chat.lan:8000/", false, false, false },
        { "Referer: about:blank", false, false, false },

        // A browser that sends none of these headers. It may do so for a GET, but always sends one for a POST and an upgrade, unless it is
        // very old.
        { Browser, true, false, true },
        { Browser + "|X-Requested-With: XMLHttpRequest", true, true, true },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Each_request_is_accepted_or_refused(string headers, bool post, bool get, bool upgrade)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:AllowedOrigins=http://friend.example:8080", "Chat:PublicUrl=https://public.example", "AllowedHosts=chat.lan");
        (string Method, string Path, bool Passes)[] calls =
        [
            ("POST", "/login/", post), ("POST", "/chat/send_msg/", post), ("POST", "/chat/leave/", post), ("PUT", "/chat/leave", post),
            ("DELETE", "/nothing", post),
            ("GET", "/chat/leave/", get), ("GET", "/chat/leave", get), ("GET", "/CHAT/Leave/", get), ("GET", "/%63hat/leave/", get),
            ("GET", "/chat/wait/?msg_id=0", get), ("GET", "/chat/wait", get),
            ("GET", "/chat/start/", get), ("GET", "/chat/online/", get), ("GET", "/chat/online/?joins=some", get),
            ("GET", "/", true), ("GET", "/chat/start/?joins=all", true), ("GET", "/chat/online/?joins=all", true),
            ("GET", "/chat/me/", true), ("GET", "/healthz", true),
        ];
        string lines = string.Concat(headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(line => line + "\r\n"));
        foreach ((string method, string path, bool passes) in calls)
        {
            RawAnswer? answer = await RawHttp.AskAsync(
                server, $"{method} {path} HTTP/1.1\r\nHost: chat.lan:8000\r\n{lines}Content-Length: 0\r\nConnection: close\r\n\r\n");
            Assert.True((answer!.Status != 403) == passes, $"{method} {path}: {answer.Status} {answer.Body}");
            if (!passes)
                Assert.Equal("""{"status":"error","response":"cross_site"}""", answer.Body);
        }

        const string handshake =
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
        RawAnswer? socket = await RawHttp.AskAsync(server, $"GET /chat-server HTTP/1.1\r\nHost: chat.lan:8000\r\n{lines}{handshake}\r\n");
        Assert.Equal(upgrade ? 101 : 403, socket!.Status);
    }

    /// <summary>
    /// Previously, a picture on another port of the same host could log the user out over plain http. It is the same site, so SameSite lets
    /// the cookie through, its page withheld the Referer, and a browser says nothing else about a picture there.
    /// </summary>
    [Fact]
    public async Task A_picture_on_a_neighbouring_port_cannot_log_anybody_out()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer picture = await alice.GetAsync(
            "/chat/leave/",
            headers: [("User-Agent", "Mozilla/5.0"), ("Accept", "image/avif,image/webp,*/*;q=0.8"), ("Host", "chat.lan:8000")]);
        Assert.Equal((HttpStatusCode.Forbidden, "cross_site"), (picture.Status, picture.Error));
        Assert.True((await alice.StartAsync()).IsOk);

        // The original's script identifies itself, and a program that is not a browser says nothing.
        Assert.True(
            (await alice.GetAsync("/chat/leave/", headers: [("User-Agent", "Mozilla/5.0"), ("X-Requested-With", "XMLHttpRequest")])).IsOk);
        Assert.True((await (await server.LoginAsync("bob")).GetAsync("/chat/leave/")).IsOk);
    }

    /// <summary>
    /// Behind a proxy that terminates TLS but is not listed as trusted, an older browser's login appeared to come from another scheme. The
    /// operator configures the address instead.
    /// </summary>
    [Theory]
    [InlineData("Chat:TrustedProxies=127.0.0.1", true)]
    [InlineData("Chat:PublicUrl=https://chat.example", true)]
    [InlineData("Chat:FastLane=true", false)]
    public async Task An_origin_is_compared_with_what_the_browser_sees(string option, bool passes)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(option);
        CometAnswer login = await server.Stranger().LoginAsync(
            "alice", ("Host", "chat.example"), ("X-Forwarded-Proto", "https"), ("Origin", "https://chat.example"));
        Assert.Equal(passes ? HttpStatusCode.Redirect : HttpStatusCode.Forbidden, login.Status);
    }
}

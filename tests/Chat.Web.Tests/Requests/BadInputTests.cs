using System.Text;

namespace ErlChat.Web.Tests.Requests;

/// <summary>
/// Whatever a client sends, the answer is a 4xx or an envelope. Nothing changes, nothing hangs, and no error is logged (docs/comet.md,
/// clause 14).
/// </summary>
public class BadInputTests
{
    private const string Get = "GET /chat/me/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: chat_sess={token}\r\n";
    private const string Post =
        "POST /chat/send_msg/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: chat_sess={token}\r\n"
        + "Content-Type: application/x-www-form-urlencoded\r\n";

    /// <summary>What is sent, and the statuses that are correct. With 200 the body must be an envelope.</summary>
    public static TheoryData<string, string, int[]> Requests => new()
    {
        { "wrong method", "BREW /chat/start/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [405] },
        { "no body and no length", Post + "\r\n", [200, 411] },
        { "empty body", Post + "Content-Length: 0\r\n\r\n", [200] },
        {
            "wrong type",
            "POST /chat/send_msg/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/xml\r\n"
            + "Content-Length: 3\r\n\r\n<a>",
            [415]
        },
        { "negative length", Post + "Content-Length: -5\r\n\r\nmsg=x", [400] },
        { "length of letters", Post + "Content-Length: abc\r\n\r\nmsg=x", [400] },
        { "length beyond all bounds", Post + "Content-Length: 99999999999999999999\r\n\r\nmsg=x", [400] },
        { "length of 1 GB", Post + "Content-Length: 1073741824\r\n\r\nmsg=x", [413] },
        { "two lengths", Post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nmsg=x", [400] },
        { "length and chunks", Post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nmsg= \r\n0\r\n\r\n", [200, 400] },
        { "unknown coding", Post + "Transfer-Encoding: gzip\r\n\r\nmsg=", [400, 501] },
        { "broken chunk", Post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nmsg=x\r\n0\r\n\r\n", [400] },
        { "chunk without end of line", Post + "Transfer-Encoding: chunked\r\n\r\n1\r\nabcdef\r\n0\r\n\r\n", [400] },
        { "negative chunk", Post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nmsg=x\r\n0\r\n\r\n", [400] },
        { "empty chunks", Post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [200] },
        { "no such version", "GET /chat/start/ HTTP/9.9\r\nHost: localhost\r\n\r\n", [400, 505] },
        { "no version", "GET /chat/start/\r\n\r\n", [400] },
        { "no host", "GET /chat/start/ HTTP/1.1\r\nConnection: close\r\n\r\n", [400] },
        { "two hosts", "GET /chat/start/ HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", [400] },
        { "host of nonsense", "GET /chat/start/ HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n", [400] },
        { "not HTTP", "hello\r\n\r\n", [400] },
        { "TLS", "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003\r\n\r\n", [400] },
        { "header without colon", Get + "garbage\r\n\r\n", [400] },
        { "header name with blank", Get + "a b: c\r\n\r\n", [400] },
        { "NUL in a header", Get + "X: a\0b\r\n\r\n", [400] },
        { "NUL in the path", "GET /chat/\0start/ HTTP/1.1\r\nHost: localhost\r\n\r\n", [400] },
        { "escaped NUL in the path", "GET /chat/%00start/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [400, 404] },
        { "broken escapes in the path", "GET /chat/%zz%/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [400, 404] },
        { "broken UTF-8 in the path", "GET /chat/%ff%fe/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [400, 404] },
        { "bytes in the path", "GET /chat/\u00e9/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [400, 404] },
        { "folded header", Get + "X: a\r\n b\r\n\r\n", [400] },
        {
            "long request line",
            "GET /chat/wait/?msg_id=" + new string('1', 20_000) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [414]
        },
        { "long header", Get + "X: " + new string('x', 20_000) + "\r\n\r\n", [431] },
        { "10 000 header lines", Get + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: y\r\n")) + "\r\n", [431] },
        { "1 MB header", Get + "X: " + new string('x', 1024 * 1024) + "\r\n\r\n", [431] },
        {
            "cookie of bytes",
            "GET /chat/start/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: chat_sess=\u00ff\u00fe\u0080\r\n\r\n", [200, 400]
        },
        {
            "cookie of commas", "GET /chat/start/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ,,;;=\"\"=;chat_sess\r\n\r\n",
            [200]
        },
        {
            "long cookie",
            "GET /chat/start/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: chat_sess="
            + new string('a', 10_000) + "\r\n\r\n",
            [200]
        },
        {
            "several ranges", "GET /favicon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: bytes=0-1,3-4,-1\r\n\r\n",
            [200, 206, 416]
        },
        {
            "range of nonsense", "GET /favicon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: bytes=9999999-\r\n\r\n", [416]
        },
        { "absolute target", "GET http://evil.example/chat/start/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [200, 400] },
        { "star", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [200, 204, 400, 404, 405] },
        { "connect", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n", [400, 404, 405] },
        {
            "upgrade",
            "GET /chat/start/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            [200, 400]
        },
        { "unmeetable expectation", Post + "Expect: the-impossible\r\nContent-Length: 0\r\n\r\n", [200, 400, 417] },
        {
            "other site",
            "POST /chat/leave/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: chat_sess={token}\r\n"
            + "Origin: https://evil.example\r\nContent-Length: 0\r\n\r\n",
            [403]
        },
        {
            "strange forwarded address",
            Get + "X-Forwarded-For: ::::,,%, 1.2.3.4.5\r\nX-Forwarded-Proto: \"\r\nX-Forwarded-Host: <b>\r\n\r\n", [200]
        },
        { "form of nonsense", Post + "Content-Length: 12\r\n\r\n&&;;==%%\u00ff%f&", [200] },
    };

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public async Task A_bad_request_gets_the_expected_answer(string what, string request, int[] statuses)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync("Chat:TrustedProxies=127.0.0.1");
        CometClient alice = await server.LoginAsync("alice");
        string before = server.Picture();
        RawAnswer? answer = await RawHttp.AskAsync(server, request.Replace("{token}", alice.Token, StringComparison.Ordinal));
        Assert.True(answer is not null, $"{what}: closed without an answer");
        Assert.True(statuses.Contains(answer.Status), $"{what}: {answer.Status} {answer.Body}");
        if (answer.Status == 200 && !what.Contains("range", StringComparison.Ordinal))
            Assert.StartsWith("{\"status\":", answer.Body, StringComparison.Ordinal);

        // None of these requests does more than a start or an empty message.
        Assert.Equal(before, server.Picture());
        Assert.True((await alice.SendAsync("still here")).IsOk);
        Assert.Equal("still here", (await alice.ReadAsync())[^1].Text);
    }

    [Theory]
    [InlineData("/chat/send_msg/")]
    [InlineData("/chat/join/")]
    [InlineData("/chat/part/")]
    [InlineData("/login/")]
    public async Task A_body_over_64_KiB_gets_413_with_or_without_a_declared_length(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string before = server.Picture();
        string head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: chat_sess={alice.Token}\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n";
        string large = "msg=" + new string('x', 1024 * 1024);
        RawAnswer? told = await RawHttp.AskAsync(server, $"{head}Content-Length: {large.Length}\r\n\r\n{large}");
        Assert.Equal(413, told!.Status);
        RawAnswer? chunked = await RawHttp.AskAsync(
            server, $"{head}Transfer-Encoding: chunked\r\n\r\n{large.Length:x}\r\n{large}\r\n0\r\n\r\n");
        Assert.Equal(413, chunked!.Status);
        Assert.Equal(before, server.Picture());
    }

    [Fact]
    public async Task A_body_of_64_KiB_is_accepted()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        byte[] body = Encoding.ASCII.GetBytes("msg=hi&pad=" + new string('x', 65536 - 11));
        Assert.True((await alice.PostRawAsync("/chat/send_msg/", body)).IsOk);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await alice.PostRawAsync("/chat/send_msg/", [.. body, (byte)'x'])).Status);
    }

    [Fact]
    public async Task Chunked_forms_are_read()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string request = Post.Replace("{token}", alice.Token, StringComparison.Ordinal)
            + "Transfer-Encoding: chunked\r\n\r\n3\r\nmsg\r\n4;x=y\r\n=h%6\r\n1\r\n9\r\n0\r\nTrailer: x\r\n\r\n";
        Assert.Equal(200, (await RawHttp.AskAsync(server, request))!.Status);
        Assert.Equal("hi", (await alice.ReadAsync()).Single().Text);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order_even_after_a_parked_poll()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        CometClient alice = await server.LoginAsync("alice");
        using RawHttp raw = await RawHttp.ConnectAsync(server);
        string cookie = $"Host: localhost\r\nCookie: chat_sess={alice.Token}\r\n";
        await raw.SendAsync(
            $"GET /chat/me/ HTTP/1.1\r\n{cookie}\r\nGET /chat/wait/?msg_id={alice.Cursor} HTTP/1.1\r\n{cookie}\r\n"
            + $"GET /healthz HTTP/1.1\r\n{cookie}\r\n");
        Assert.Contains("\"nick\":\"alice\"", (await raw.ReadAnswerAsync())!.Body, StringComparison.Ordinal);
        await server.ParkedAsync(1);
        await alice.SendAsync("hi");
        Assert.Contains("\"hi\"", (await raw.ReadAnswerAsync())!.Body, StringComparison.Ordinal);
        Assert.Equal("ok\n", (await raw.ReadAnswerAsync())!.Body);
    }

    [Fact]
    public async Task HTTP_1_0_is_answered_and_the_connection_is_closed()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        using RawHttp raw = await RawHttp.ConnectAsync(server);
        await raw.SendAsync($"GET /chat/me HTTP/1.0\r\nCookie: chat_sess={alice.Token}\r\n\r\n");
        Assert.Contains("\"nick\":\"alice\"", (await raw.ReadAnswerAsync())!.Body, StringComparison.Ordinal);
        Assert.True(await raw.IsClosedAsync());
        Assert.Equal(
            400,
            (await RawHttp.AskAsync(
                server, "POST /chat/send_msg/ HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nmsg=x"))!.Status);
    }

    /// <summary>A phone that loses its network in the middle of a message must not cause an error in the server.</summary>
    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nmsg=x", false)]
    [InlineData("Content-Length: 100\r\n\r\nmsg=x", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n20\r\nmsg=x", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n20\r\nmsg=x", true)]
    public async Task A_client_that_disconnects_in_the_middle_of_a_form_causes_no_error(string rest, bool reset)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        foreach (string path in new[] { "/chat/send_msg/", "/login/", "/chat/join/" })
        {
            string before = server.Picture();
            using RawHttp raw = await RawHttp.ConnectAsync(server);
            await raw.SendAsync((Post + rest)
                .Replace("{token}", alice.Token, StringComparison.Ordinal)
                .Replace("/chat/send_msg/", path, StringComparison.Ordinal));

            // The server is reading the form once it has answered a later request. There is no event to await.
            Assert.True((await alice.GetAsync("/chat/me/")).IsOk);
            if (reset)
            {
                raw.Reset();
            }
            else
            {
                raw.HalfClose();
                Assert.Equal(400, (await raw.ReadAnswerAsync())?.Status ?? 400);
            }

            Assert.True((await alice.GetAsync("/chat/me/")).IsOk);
            Assert.Equal(before, server.Picture());
        }
    }

    [Fact]
    public async Task Random_bytes_never_cause_a_5xx_or_an_error_line() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string before = server.Picture();
        string[] seeds = [.. Requests.Select(row => row.Data.Item2).Where(text => text.Length < 2_000)];
        for (int round = 0; round < 150; round++)
        {
            byte[] request = Encoding.Latin1.GetBytes(seeds[random.Next(seeds.Length)]);
            for (int change = random.Next(1, 6); change > 0; change--)
                request[random.Next(request.Length)] = (byte)random.Next(256);
            using RawHttp raw = await RawHttp.ConnectAsync(server);
            await raw.SendAsync(request);
            raw.HalfClose();
            RawAnswer? answer = await raw.ReadAnswerAsync();
            Assert.False(answer?.Status is >= 500 and not (501 or 505), $"{answer?.Status} for {Encoding.Latin1.GetString(request)}");
        }

        Assert.Equal(before, server.Picture());
    });
}

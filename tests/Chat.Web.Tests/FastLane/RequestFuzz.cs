using System.Globalization;
using System.Text;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>Generates requests: polls as clients send them, polls that are odd in one or two places, other calls, and garbage.</summary>
/// <remarks>
/// None of them changes anything. None parks, except for garbage that happens to be a poll for the next item. So each case can be sent both
/// ways.
/// </remarks>
internal sealed class RequestFuzz(Random random, string cookie, string epoch, long newest)
{
    private static readonly string[] s_hosts =
    [
        "h", "chat.example", "127.0.0.1:8000", "[::1]:8000", "", "a b", "h:99999", "h:", "ex_ample", "h/h", "é",
    ];

    private static readonly string[] s_harmless =
    [
        "Accept: */*", "User-Agent: curl/8.0", "Accept-Encoding: gzip, br", "Accept-Language: de,en;q=0.8", "Connection: keep-alive",
        "Connection: Keep-Alive", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Pragma: no-cache", "Cache-Control: no-cache",
        "If-None-Match: \"x\"", "Range: bytes=0-3", "DNT: 1", "Referer: http://h/chat/",
        "X-Requested-With: XMLHttpRequest", "X-Requested-With: fetch", "X-Forwarded-Proto: http",
    ];

    private static readonly string[] s_odd =
    [
        "Connection: close", "Connection: upgrade", "Connection: keep-alive, close", "Upgrade: websocket", "Upgrade: h2c",
        "Expect: 100-continue", "Transfer-Encoding: chunked",
        "Transfer-Encoding: identity", "Transfer-encoding : chunked", "Content-Length: 0", "Content-Length: 00", "Content-Length: +0",
        "Content-Length: -1", "Content-Length: 0x0",
        "Content-Length: 0, 0", "Content-Length: 99999999999999999999", "Content-Length:", "Content-Length: 5", "TE: trailers",
        "Trailer: x", "Keep-Alive: timeout=5", "Proxy-Connection: close",
        "Origin: http://h", "Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: none", "Sec-Fetch-Site:", "Host: other",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "Referer: http://h", "Referer: http://h.evil.example/",
        "Referer: http://h:81/", "Referer: https://h/", "Referer:", "Referer: /chat/", "X-Requested-With:", "User-Agent: mozilla/4.0",
        "X-Forwarded-Proto: https",
        "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Host: evil", "X-HTTP-Method-Override: POST", "Cookie: a=b", "Cookie:", "Accept: \té",
        "X-Bad\u0001: y", ": no name", "no colon", " folded: x", "\tfolded",
        "X-Tab:\tvalue\t", "X-Long: ", "x_y: z", "X-Nul: a\0b", "X-Del: \u007f", "\u00e9: x", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
    ];

    private static readonly string[] s_ends =
    [
        "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n", " \r\n",
    ];

    /// <summary>Some requests one after the other, cut into pieces. The last one asks the server to close the connection.</summary>
    internal List<byte[]> Next()
    {
        var text = new StringBuilder();
        int count = random.Next(1, 5);

        // Anything odd ends the lane on its connection, so half of the connections contain nothing odd.
        bool harmless = random.Next(2) == 0;
        for (int i = 0; i < count; i++)
            text.Append(harmless ? Harmless() : Request());
        text.Append("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        return Cut(Encoding.Latin1.GetBytes(text.ToString()));
    }

    private string Harmless() => random.Next(4) switch
    {
        0 => Get("/chat/me/"),
        1 => Post("", Pick("msg=hello", "", "a=b&c=d", Poll(oddities: 0))),
        _ => Poll(oddities: 0),
    };

    private string Request() => random.Next(20) switch
    {
        < 9 => Poll(oddities: 0),
        < 14 => Poll(oddities: random.Next(1, 3)),
        14 => Get("/chat/me/"),
        15 => Get(Pick(
            "/chat/rooms",
            "/nowhere",
            "/chat/wait/more?msg_id=1",
            "/chat/waits",
            "/CHAT/Wait/?msg_id=1",
            "/chat/commands",
            "/chat//wait?msg_id=1",
            "/chat/wait%2F?msg_id=1")),
        16 => Post("", Pick("msg=hello", "", "a=b&c=d", "GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\n\r\n")),
        17 => Post($"Transfer-Encoding: chunked\r\n", "5\r\nmsg=a\r\n0\r\n\r\n", hasLength: false),
        18 => Smuggled(),
        _ => Rubbish(),
    };

    private string Poll(int oddities)
    {
        string method = "GET", version = "HTTP/1.1", target = Target();
        var lines = new List<string> { "Host: h" };
        if (random.Next(10) > 0)
            lines.Add("Cookie: " + Cookies());
        for (int i = random.Next(5); i > 0; i--)
            lines.Add(Pick(s_harmless));
        if (random.Next(3) == 0)
            (lines[0], lines[^1]) = (lines[^1], lines[0]);
        string end = "\r\n";
        for (; oddities > 0; oddities--)
        {
            switch (random.Next(9))
            {
                case 0: method = Pick("HEAD", "POST", "get", "OPTIONS", "GETT", "G\0T"); break;
                case 1: version = Pick("HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "http/1.1", "", "HTTP/11"); break;
                case 2: target = OddTarget(target); break;
                case 3: lines.Add("Host: " + Pick(s_hosts)); lines.Remove("Host: h"); break;
                case 4: end = Pick(s_ends); break;
                case 5: lines.Add("X-Long: " + new string('x', random.Next(3000))); break;
                case 6: lines.AddRange(Enumerable.Repeat("A: b", random.Next(120))); break;
                default: lines.Insert(random.Next(lines.Count + 1), Pick(s_odd)); break;
            }
        }

        // The answer to HEAD has no body although it announces one, and the answer to OPTIONS has none. Both can still be compared, since
        // the comparison is of bytes.
        return $"{method} {target} {version}{end}{string.Join(end, lines)}{end}{end}";
    }

    private string Target()
    {
        string id = random.Next(12) switch
        {
            0 => Pick("", "-1", "abc", "2xyz", "+2", "1.9", " 2", "%32", "99999999999999999999", "000000000000000000001", "0001"),
            1 => (newest + 100).ToString(CultureInfo.InvariantCulture),
            _ => random.NextInt64(1, newest + 1).ToString(CultureInfo.InvariantCulture),
        };
        var query = new List<string> { "msg_id=" + id };
        if (random.Next(3) == 0)
            query.Add("joins=" + Pick("all", "all", "none", "", "ALL"));
        if (random.Next(3) == 0)
            query.Add("epoch=" + (random.Next(4) == 0 ? Pick("other", "", epoch.ToUpperInvariant(), epoch + "%20") : epoch));
        if (random.Next(10) == 0)
            query.Add(Pick("msg_id=1", "_=", "x", "=", "", "joins=all", "epoch=x", "msg%5Fid=3", "a+b=c"));
        if (random.Next(8) == 0)
            query.Reverse();
        return Pick("/chat/wait/", "/chat/wait/", "/chat/wait")
            + (random.Next(40) == 0 ? "" : Pick("?", "?", "?", "?", "??", "?&"))
            + string.Join('&', query);
    }

    private string Cookies() => random.Next(10) switch
    {
        0 => "chat_sess=" + new string('A', random.Next(200)),
        1 => $"a=b; chat_sess={cookie}; c=d",
        2 => $"chat_sess=\"{cookie}\"",
        3 => $"chat_sess=x; chat_sess={cookie}",
        4 => Pick(
            $"__Host-chat_sess={cookie}",
            $"chat_sess=x; __Host-chat_sess={cookie}",
            $"__Host-chat_sess=x; chat_sess={cookie}",
            $"__Host-chat_sess=; chat_sess={cookie}",
            $"CHAT_SESS={cookie}",
            $"chat_sess ={cookie}",
            $"chat_sess= {cookie}",
            $"chat_sess={cookie}é",
            ";;;",
            "chat_sess",
            "chat_sess="),
        _ => "chat_sess=" + cookie,
    };

    private static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n";

    private static string Post(string more, string body, bool hasLength = true) =>
        $"POST /chat/send_msg/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n{more}"
        + $"{(hasLength ? $"Content-Length: {body.Length}\r\n" : "")}\r\n{body}";

    private string OddTarget(string target) => Pick(
        target.Replace("?", "#?", StringComparison.Ordinal), "http://h" + target, "*", target + " ", target + "\t", target + "%",
        "//h" + target, target + "é", target.Replace("wait", "%77ait", StringComparison.Ordinal));

    /// <summary>A request on whose length two parsers might disagree. A poll follows it. Both ways or neither must see that poll.</summary>
    private string Smuggled()
    {
        string inner = Poll(oddities: 0);
        return Pick(
            Post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n" + inner),
            Post($"Content-Length: {inner.Length}\r\n", inner),
            Post("Content-Length: 0\r\n", inner),
            Post($"Content-Length : {inner.Length}\r\n", inner, hasLength: false),
            Post($" Content-Length: {inner.Length}\r\n", inner, hasLength: false),
            Post($"Content-Length: {inner.Length}\n", inner, hasLength: false),
            Post($"Content-Length: {inner.Length - 2}\r\n", inner, hasLength: false),
            Post($"Content-Length: {inner.Length + 20}\r\n", inner, hasLength: false),
            Post("Transfer-Encoding: chunked, identity\r\n", $"{inner.Length:x}\r\n{inner}\r\n0\r\n\r\n", hasLength: false),
            Post("Transfer-Encoding:\u000bchunked\r\n", inner),
            Post($"X: y\rContent-Length: {inner.Length}\r\n", inner, hasLength: false),
            $"GET /chat/me/ HTTP/1.1\r\nHost: h\r\nContent-Length: {inner.Length}\r\n\r\n{inner}",
            $"GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\nCookie: chat_sess={cookie}\r\nContent-Length: {inner.Length}\r\n\r\n{inner}",
            $"GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: h\r\nCookie: chat_sess={cookie}\r\n"
            + $"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}");
    }

    private string Rubbish()
    {
        char[] text = Poll(oddities: 0).ToCharArray();
        for (int i = random.Next(1, 4); i > 0; i--)
            text[random.Next(text.Length)] = (char)random.Next(256);
        return random.Next(3) == 0 ? "\r\n" + new string(text) : new string(text);
    }

    private List<byte[]> Cut(byte[] bytes)
    {
        var pieces = new List<byte[]>();
        int most = random.Next(4) == 0 ? 9 : random.Next(3);
        int[] cuts = [.. Enumerable.Range(0, most).Select(_ => random.Next(bytes.Length)).Order(), bytes.Length];
        int from = 0;
        foreach (int cut in cuts)
        {
            if (cut > from)
                pieces.Add(bytes[from..cut]);
            from = Math.Max(from, cut);
        }

        return pieces;
    }

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using ErlChat.Web.FastLane;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>
/// Which heads the lane understands. A head that it does not understand is not an error: it goes to the ordinary pipeline.
/// </summary>
public class RequestHeadTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n";

    [Theory]
    [InlineData(Get)]
    [InlineData("GET /a?b=c HTTP/1.1\r\nhOST:h\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: chat.example:8000\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost:    10.0.0.1:1   \r\n")]
    [InlineData(Get + "Connection: keep-alive\r\n")]
    [InlineData(Get + "CONNECTION: Keep-Alive\r\n")]
    [InlineData(Get + "Accept: */*\r\nX-Empty:\r\n")]
    [InlineData(Get + "Content-Length: 0\r\n")]
    [InlineData(Get + "Cookie: a=b\r\n")]
    [InlineData(Get + "Origin: http://h\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n")]
    public void Plain_heads_are_understood(string head) => Assert.True(Read(head + "\r\n").Understood);

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\r\n" + Get)]
    [InlineData("get / HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("HEAD / HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("PUT / HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("GET / / HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("GET /  HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: h\r\n")]
    [InlineData("GET / HTTP/2.0\r\nHost: h\r\n")]
    [InlineData("GET / HTTP/1.1 \r\nHost: h\r\n")]
    [InlineData("GET /\tHTTP/1.1\r\nHost: h\r\n")]
    [InlineData("GET http://h/ HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n")]
    public void Unusual_first_lines_are_not_understood(string head) => Assert.False(Read(head + "\r\n").Understood);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nAccept: */*\r\n")]
    [InlineData(Get + "Host: h\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: [::1]:80\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h:\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h:123456\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h:8x\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: :80\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a@b\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n")]
    public void Hosts_that_need_a_closer_look_are_not_understood(string head) => Assert.False(Read(head + "\r\n").Understood);

    // The end of the request must not be open to interpretation.
    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n")]
    [InlineData("transfer-encoding: identity\r\n")]
    [InlineData("Content-Length: 1\r\nContent-Length: 1\r\n")]
    [InlineData("Content-Length: 1, 1\r\n")]
    [InlineData("Content-Length: +1\r\n")]
    [InlineData("Content-Length: -1\r\n")]
    [InlineData("Content-Length: 0x1\r\n")]
    [InlineData("Content-Length: 1 1\r\n")]
    [InlineData("Content-Length:\r\n")]
    [InlineData("Content-Length: 1234567890\r\n")]
    [InlineData("Content-Length : 1\r\n")]
    [InlineData(" Content-Length: 1\r\n")]
    [InlineData("A: b\r\n Content-Length: 1\r\n")]
    [InlineData("A: b\n")]
    [InlineData("A: b\nContent-Length: 1\r\n")]
    [InlineData("A: b\rContent-Length: 1\r\n")]
    [InlineData("A: b\r\r\n")]
    [InlineData("Connection: close\r\n")]
    [InlineData("Connection: keep-alive, close\r\n")]
    [InlineData("Connection: keep-alive\r\nConnection: keep-alive\r\n")]
    [InlineData("Upgrade: websocket\r\n")]
    [InlineData("Expect: 100-continue\r\n")]
    public void Unusual_lengths_and_ends_are_not_understood(string line) => Assert.False(Read(Get + line + "\r\n").Understood);

    [Theory]
    [InlineData("no colon\r\n")]
    [InlineData(": no name\r\n")]
    [InlineData("a b: c\r\n")]
    [InlineData("a_b: c\r\n")]
    [InlineData("A:\tb\r\n")]
    [InlineData("A: \0\r\n")]
    [InlineData("A: \u007f\r\n")]
    [InlineData("A: \u00e9\r\n")]
    [InlineData("Cookie:\r\n")]
    [InlineData("Cookie: a=b\r\nCookie: c=d\r\n")]
    [InlineData("Sec-Fetch-Site: none\r\nSec-Fetch-Site: none\r\n")]
    public void Unusual_lines_are_not_understood(string line) => Assert.False(Read(Get + line + "\r\n").Understood);

    [Fact]
    public void An_incomplete_head_is_not_understood()
    {
        string head = Get + "Cookie: a=b\r\n\r\n";
        for (int length = 0; length < head.Length; length++)
            Assert.False(Read(head[..length]).Understood, head[..length]);
        Assert.True(Read(head).Understood);
    }

    [Fact]
    public void A_long_head_is_not_understood()
    {
        string begin = Get + "A: ";
        Assert.True(Read(begin + new string('x', RequestHead.MaxLength - begin.Length - 4) + "\r\n\r\n").Understood);
        Assert.False(Read(begin + new string('x', RequestHead.MaxLength - begin.Length - 3) + "\r\n\r\n").Understood);
        Assert.True(Read(Get + string.Concat(Enumerable.Repeat("A: b\r\n", 39)) + "\r\n").Understood);
        Assert.False(Read(Get + string.Concat(Enumerable.Repeat("A: b\r\n", 40)) + "\r\n").Understood);
    }

    [Fact]
    public void The_head_tells_where_the_request_ends()
    {
        Assert.Equal(Get.Length + 2, Read(Get + "\r\nGET /next").Length);
        string post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 012\r\n\r\n";
        Assert.Equal(post.Length + 12, Read(post).Length);
        string most = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999\r\n\r\n";
        Assert.Equal(most.Length + 999_999_999, Read(most).Length);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("Sec-Fetch-Site: same-origin\r\n", false)]
    [InlineData("Sec-Fetch-Site: none\r\n", false)]
    [InlineData("Sec-Fetch-Site: same-origin\r\nOrigin: http://elsewhere\r\n", false)]
    [InlineData("Sec-Fetch-Site: same-site\r\n", true)]
    [InlineData("Sec-Fetch-Site: cross-site\r\n", true)]
    [InlineData("Sec-Fetch-Site: Same-Origin\r\n", true)]
    [InlineData("Sec-Fetch-Site:\r\n", true)]
    [InlineData("Origin: http://h\r\n", true)]
    [InlineData("Origin:\r\n", true)]
    public void The_head_tells_whether_another_site_may_have_sent_it(string line, bool other) =>
        Assert.Equal(other, Read(Get + line + "\r\n").OfOther);

    [Fact]
    public void The_head_has_the_target_and_the_cookies()
    {
        Answer head = Read("GET /chat/wait?a=b HTTP/1.1\r\nHost: h\r\ncookie:  a=b; c=d \r\n\r\n");
        Assert.Equal(("/chat/wait?a=b", "a=b; c=d"), (head.Target, head.Cookie));
    }

    /// <summary>Heads made of plain and odd lines, with a few characters changed.</summary>
    private static readonly Gen<string> s_head = Gen.Select(
        Gen.Frequency((9, "GET /chat/wait?msg_id=1 HTTP/1.1"), (5, "POST / HTTP/1.1"), (1, "GET / HTTP/1.0"), (1, "HEAD / HTTP/1.1")),
        Gen.Frequency(
            (20, "Accept: */*"),
            (10, "Cookie: a=b"),
            (10, "Content-Length: 12"),
            (10, "Connection: keep-alive"),
            (3, "Content-Length: 0"),
            (1, "Content-Length : 1"),
            (1, "Transfer-Encoding: chunked"),
            (1, "Host: other"),
            (1, "Expect: 100-continue"),
            (1, " folded: x")).Array[0, 4],
        Gen.Select(Gen.Int[0, 200], Gen.Char['\0', '\u00ff']).Array[0, 2],
        Head);

    /// <summary>
    /// The same rule, implemented differently: every line is plain, one names the host, and none makes the end of the request ambiguous.
    /// </summary>
    [Fact]
    public void An_understood_head_is_plain_and_has_the_length_it_reports()
    {
        int understood = 0;
        Property.Holds(s_head, 20_000, AssertPlain);
        Assert.InRange(understood, 2_000, 18_000);

        void AssertPlain(string text)
        {
            Answer head = Read(text);
            if (!head.Understood)
                return;
            understood++;
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            Assert.Matches("\\A(GET|POST) /[!-~]* HTTP/1\\.1\r\n([A-Za-z0-9-]+:[ -~]*\r\n)*\r\n\\z", text[..end]);
            Assert.Single(Values(text[..end], "Host"));
            Assert.Empty(Values(text[..end], "Transfer-Encoding|Expect|Upgrade"));
            string[] lengths = Values(text[..end], "Content-Length");
            int body = lengths is [] ? 0 : int.Parse(Assert.Single(lengths), NumberStyles.None, CultureInfo.InvariantCulture);
            Assert.Equal(end + body, head.Length);
            Assert.Equal(head, Read(text[..end]));
            Assert.False(Read(text[..(end - 1)]).Understood);
        }
    }

    private static string Head(string first, string[] lines, (int At, char Value)[] changes)
    {
        char[] text = string.Join("\r\n", [first, "Host: h", .. lines, "", "GET /next"]).ToCharArray();
        foreach ((int at, char value) in changes)
            text[at % text.Length] = value;
        return new string(text);
    }

    private static string[] Values(string head, string names) =>
        [.. Regex.Matches(head, $"\n(?:{names}): *([^\r]*?) *\r", RegexOptions.IgnoreCase).Select(line => line.Groups[1].Value)];

    private sealed record Answer(bool Understood, int Length, bool OfOther, string Target, string Cookie);

    private static Answer Read(string text)
    {
        bool understood = RequestHead.TryRead(Encoding.Latin1.GetBytes(text), out RequestHead head);
        return new Answer(
            understood, head.Length, head.MayBeOfOtherSite, Encoding.Latin1.GetString(head.Target), Encoding.Latin1.GetString(head.Cookie));
    }
}

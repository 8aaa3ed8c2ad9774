using System.Net.Sockets;

namespace ErlChat.Web.Tests.Origins;

/// <summary>
/// The host names that the server answers to. When the operator has listed them, another site whose name points here (DNS rebinding) is
/// refused.
/// </summary>
public class HostTests
{
    [Theory]
    [InlineData("Chat:PublicUrl=https://chat.example", "chat.example", true)]
    [InlineData("Chat:PublicUrl=https://chat.example", "CHAT.example:8000", true)]
    [InlineData("Chat:PublicUrl=https://chat.example", "evil.example", false)]
    [InlineData("Chat:PublicUrl=https://chat.example", "chat.example.evil.example", false)]
    [InlineData("Chat:PublicUrl=https://chat.example", "127.0.0.1:8000", false)]
    [InlineData("Chat:PublicUrl=https://chat.example,http://10.0.0.1:8000,http://[fd00::1]:8000", "10.0.0.1:8000", true)]
    [InlineData("Chat:PublicUrl=https://chat.example,http://10.0.0.1:8000,http://[fd00::1]:8000", "[fd00::1]:8000", true)]
    [InlineData("Chat:PublicUrl=https://chat.example,http://10.0.0.1:8000,http://[fd00::1]:8000", "[fd00::2]:8000", false)]
    [InlineData("Chat:PublicUrl:0=https://chat.example", "evil.example", false)]
    [InlineData("AllowedHosts=chat.example;*.chat.example", "a.chat.example", true)]
    [InlineData("AllowedHosts=chat.example;*.chat.example", "evil.example", false)]
    [InlineData("AllowedHosts=*", "evil.example", true)]
    [InlineData("Chat:FastLane=true", "evil.example", true)]
    public async Task Other_names_are_refused_with_a_page_that_names_the_option(string option, string host, bool passes)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(option);
        foreach (string path in new[] { "/", "/chat/", "/chat/me/", "/chat/wait/?msg_id=0", "/chat-server" })
        {
            RawAnswer? answer = await RawHttp.AskAsync(server, $"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
            Assert.True((answer!.Status != 400) == passes, $"{path}: {answer.Status}");
            if (!passes)
                Assert.Contains("Chat:PublicUrl", answer.Body, StringComparison.Ordinal);
        }

        // The page's own files, and monitoring that uses the server's address.
        Assert.Equal(200, (await RawHttp.AskAsync(server, $"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n"))!.Status);
        Assert.Equal(200, (await RawHttp.AskAsync(server, $"GET /readyz HTTP/1.1\r\nHost: {host}\r\n\r\n"))!.Status);
        Assert.NotEqual(400, (await RawHttp.AskAsync(server, $"GET /assets/x/css/base.css HTTP/1.1\r\nHost: {host}\r\n\r\n"))!.Status);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_the_host_is_the_one_the_client_asked_for()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(
            "Chat:PublicUrl=https://chat.example", "Chat:TrustedProxies=127.0.0.1");
        foreach (string path in new[] { "/", "/chat/wait/?msg_id=0" })
        {
            Assert.Equal(200, await StatusAsync(path, "backend:8000", "chat.example"));
            Assert.Equal(400, await StatusAsync(path, "backend:8000", "evil.example"));
            Assert.Equal(400, await StatusAsync(path, "chat.example", "evil.example"));
        }

        async Task<int> StatusAsync(string path, string host, string forwarded) =>
            (await RawHttp.AskAsync(server, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: {forwarded}\r\n\r\n"))!.Status;
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "Chat:FastLane=true", 1)]
    [InlineData("http://*:0", "Chat:FastLane=true", 1)]
    [InlineData("http://127.0.0.1:0", "Chat:FastLane=true", 0)]
    [InlineData("http://[::1]:0", "Chat:FastLane=true", 0)]
    [InlineData("http://0.0.0.0:0", "Chat:PublicUrl=http://chat.lan:8000", 0)]
    [InlineData("http://0.0.0.0:0", "AllowedHosts=chat.lan", 0)]
    [InlineData("http://0.0.0.0:0", "AllowedHosts=*", 1)]
    public async Task A_server_that_is_reachable_under_any_name_says_so_once_at_the_start(string url, string option, int warnings)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !url.Contains('[', StringComparison.Ordinal), "This machine has no IPv6.");
        await using ChatServerHost server = await ChatServerHost.StartAsync($"urls={url}", option);
        IReadOnlyList<LogLine> lines = server.Logs.Of("AnswersToAnyHost");
        Assert.Equal(warnings, lines.Count);
        Assert.All(lines, line => Assert.Contains("Chat:PublicUrl", line.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https", "chat.example", true, true)]
    [InlineData("http", "chat.example", true, false)]
    [InlineData("https", "chat.example", false, false)]
    public async Task Hsts_is_sent_over_https_only_and_only_if_the_operator_enables_it(string scheme, string host, bool on, bool said)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync($"Chat:Hsts={on}", "Chat:TrustedProxies=127.0.0.1");
        CometAnswer page = await server.Stranger().GetAsync("/", headers: [("Host", host), ("X-Forwarded-Proto", scheme)]);
        Assert.Equal(said ? "max-age=2592000" : null, page.Headers.GetValueOrDefault("Strict-Transport-Security"));
    }
}

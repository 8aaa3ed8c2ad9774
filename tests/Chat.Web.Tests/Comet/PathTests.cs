namespace ErlChat.Web.Tests.Comet;

/// <summary>Paths, methods, and response headers (docs/comet.md, clause 1).</summary>
public class PathTests
{
    [Theory]
    [InlineData("/chat/start")]
    [InlineData("/chat/start/")]
    [InlineData("/chat/online")]
    [InlineData("/chat/online/")]
    [InlineData("/chat/me/")]
    [InlineData("/chat/rooms/")]
    [InlineData("/chat/history/")]
    [InlineData("/%63hat/start/")]
    public async Task Calls_work_with_and_without_the_trailing_slash(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        CometAnswer answer = await alice.GetAsync(path);
        Assert.True(answer.IsOk, answer.Body);
        Assert.Equal("application/json; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Addresses_of_rooms_messages_and_conversations_are_the_chat_page_whether_or_not_they_exist()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient nobody = server.Stranger();
        string page = (await nobody.GetAsync("/chat/")).Body;
        string[] paths = ["/chat/r/den", "/chat/r/den/", "/chat/r/den/12", "/chat/u/bob", "/chat/u/bob/12", "/chat/r/%E8%8A%B1/12/"];
        foreach (string path in paths)
            Assert.Equal(page, (await nobody.GetAsync(path)).Body);
        Assert.NotEqual(page, (await nobody.GetAsync("/chat/r/den/twelve")).Body);
        Assert.NotEqual(page, (await nobody.GetAsync("/chat/r/den/12/13")).Body);
    }

    [Fact]
    public async Task Wait_send_and_leave_work_without_the_trailing_slash_too()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        Assert.True((await alice.PostAsync("/chat/send_msg", ("msg", "one"))).IsOk);
        Assert.True((await alice.PostAsync("/chat/send_msg/", ("msg", "two"))).IsOk);
        foreach (string path in new[] { "/chat/wait?msg_id=0", "/chat/wait/?msg_id=0" })
        {
            CometAnswer answer = await alice.GetAsync(path);
            Assert.Equal(["sent_chat_msg alice one", "sent_chat_msg alice two"], answer.Items!.Select(item => item.ToString()));
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            Assert.Equal("application/json; charset=utf-8", answer.Headers["Content-Type"]);
        }

        Assert.True((await alice.PostAsync("/chat/leave")).IsOk);
        Assert.True((await alice.PostAsync("/chat/leave/")).IsOk);
    }

    [Theory]
    [InlineData("POST", "/chat/start/")]
    [InlineData("HEAD", "/chat/start/")]
    [InlineData("POST", "/chat/online/")]
    [InlineData("DELETE", "/chat/online/")]
    [InlineData("POST", "/chat/wait/?msg_id=0")]
    [InlineData("PUT", "/chat/wait/?msg_id=0")]
    [InlineData("HEAD", "/chat/wait/?msg_id=0")]
    [InlineData("GET", "/chat/send_msg/?msg=hi")]
    [InlineData("PUT", "/chat/send_msg/")]
    [InlineData("PUT", "/chat/leave/")]
    [InlineData("DELETE", "/chat/leave/")]
    [InlineData("HEAD", "/chat/leave/")]
    [InlineData("GET", "/login/?nick=x")]
    [InlineData("GET", "/login")]
    [InlineData("PUT", "/login/")]
    [InlineData("GET", "/chat/join/")]
    [InlineData("GET", "/chat/part/")]
    [InlineData("POST", "/chat/rooms/")]
    [InlineData("POST", "/chat/history/")]
    [InlineData("POST", "/chat/me/")]
    [InlineData("POST", "/")]
    [InlineData("POST", "/chat/")]
    [InlineData("FOO", "/chat/start/")]
    public async Task Another_method_gets_405_and_has_no_effect(string method, string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        string before = server.Picture();

        // Written by hand, because HttpClient normalises the spelling of methods.
        RawAnswer? answer = await RawHttp.AskAsync(
            server,
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: chat_sess={alice.Token}\r\nContent-Length: 0\r\n"
            + "Connection: close\r\n\r\n");
        Assert.Equal(405, answer!.Status);
        Assert.True(answer.Headers.ContainsKey("Allow"));
        Assert.Equal(before, server.Picture());
    }

    [Theory]
    [InlineData("/chat//start/")]
    [InlineData("//")]
    [InlineData("/chat/nothing/")]
    [InlineData("/nothing")]
    [InlineData("/chat/start/x")]
    public async Task Another_path_gets_404(string path)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        RawAnswer? answer = await RawHttp.AskAsync(server, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Equal(404, answer!.Status);
    }

    [Fact]
    public async Task A_poll_is_answered_with_a_length_and_the_connection_stays_open()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync();
        CometClient alice = await server.LoginAsync("alice");
        await alice.SendAsync("é€😀");
        using RawHttp raw = await RawHttp.ConnectAsync(server);
        string get = $"GET /chat/wait/?msg_id=0 HTTP/1.1\r\nHost: localhost\r\nCookie: chat_sess={alice.Token}\r\n\r\n";
        await raw.SendAsync(get + get);
        for (int i = 0; i < 2; i++)
        {
            RawAnswer? answer = await raw.ReadAnswerAsync();
            Assert.Equal(200, answer!.Status);
            Assert.Contains("\"é€😀\"", answer.Body, StringComparison.Ordinal);
            Assert.False(answer.Headers.ContainsKey("Transfer-Encoding"));
        }
    }
}

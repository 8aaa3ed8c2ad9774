using System.Net;
using System.Text;

namespace ErlChat.Client.Tests;

/// <summary>
/// A proxy that reloads, a load balancer without a server behind it, or a hotel's login page answers for the server. One 302 or 404 to a poll ended the stream of events for good: now
/// only the server's own word does.
/// </summary>
public class ForeignAnswerTests
{
    private const string Said = """{"status":"ok","response":[{"id":103,"t":"chat_msg","d":{"nick":"bob","msg":"and on"}}]}""";

    public static TheoryData<int, string> Odd => new()
    {
        { 302, "" }, { 307, "" }, { 401, "" }, { 403, "no" }, { 404, "<h1>no</h1>" }, { 405, "" }, { 204, "" }, { 500, "" }, { 502, "<h1>Bad Gateway</h1>" }, { 503, "" },
        { 200, "" }, { 200, "<html>Welcome to our hotel!</html>" }, { 200, """{"status":"ok","respo""" }, { 200, "{}" }, { 200, "[]" }, { 200, "null" }, { 200, """{"status":"ok"}""" },
        { 200, """{"status":"ok","response":{}}""" }, { 200, """{"status":"ok","response":[17]}""" }, { 200, """{"status":"ok","response":[{"id":"x"}]}""" },
        { 200, """{"status":"odd","response":""}""" }, { 200, """{"status":"error","response":"odd"}""" }, { 200, """{"status":"error","response":"\ud800"}""" },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task It_does_not_end_the_stream_whatever_answers_one_poll(int status, string body)
    {
        using var server = new ScriptedServer();
        server.Poll(() => Of(status, body));
        server.Poll(Said);
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        await hers.HeardAsync("and on");
    }

    [Theory]
    [InlineData("/chat/start/")]
    [InlineData("/chat/me/")]
    [InlineData("/chat/online/")]
    [InlineData("/chat/history/")]
    public async Task Nor_what_answers_when_the_stream_begins_anew(string path)
    {
        using var server = new ScriptedServer();
        server.Poll("""{"status":"error","response":"resync"}""");
        server.Poll(Said);
        await using ChatClient alice = await server.LoginAsync();
        int asked = 0;
        (int Status, string Body)[] odd = [(302, ""), (404, ""), (200, "<p>"), (200, """{"status":"ok","response":[{}]}"""), (200, """{"status":"error","response":"rate_limited","retry_after":0.1}"""), (429, "")];
        server.Answer = (asking, _) => asking.StartsWith(path, StringComparison.Ordinal) && asked < odd.Length ? Task.FromResult(Of(odd[asked].Status, odd[asked++].Body)) : null;
        await using var hers = new Listener(alice);
        await hers.HeardAsync("and on");
        Assert.Single(hers.Events.OfType<Resynced>());
    }

    [Fact]
    public async Task The_pauses_grow_while_it_lasts_and_the_user_is_told()
    {
        using var server = new ScriptedServer();
        for (int i = 0; i < 1000; i++)
            server.Poll(() => Of(302, ""));
        await using ChatClient alice = await server.LoginAsync(Quick.Options with { FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(10) });
        await using var hers = new Listener(alice);
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        Assert.InRange(server.Polls, 2, 7);
        Assert.Contains("302", (await hers.TheAsync<ConnectionLost>()).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_answers_a_new_login_and_the_client_comes_back_when_it_is_gone()
    {
        using var server = new ScriptedServer();
        server.Poll("""{"status":"error","response":"bad_session"}""");
        server.Poll(Said);
        await using ChatClient alice = await server.LoginAsync();
        foreach ((int status, string body) in new (int, string)[] { (302, ""), (404, "no"), (200, "<p>Welcome to our hotel!"), (200, ""), (429, "") })
            server.Logins.Enqueue(() => Of(status, body));
        await using var hers = new Listener(alice);
        await hers.HeardAsync("and on");
        Assert.True((await hers.TheAsync<Resynced>()).NewSession);
    }

    [Fact]
    public async Task A_message_is_sent_again_with_its_key_when_it_was_answered_by_something_else()
    {
        using var server = new ScriptedServer();
        foreach (int status in new[] { 302, 404, 502 })
            server.Sends.Enqueue(() => Of(status, ""));
        await using ChatClient alice = await server.LoginAsync();
        Assert.Equal(7, await alice.SayAsync("hi").WithinAsync());
    }

    /// <summary>A first login has nothing to go on with: the address is wrong, and it says so.</summary>
    [Fact]
    public async Task To_a_first_login_it_is_no_chat_server()
    {
        using var server = new ScriptedServer();
        server.Logins.Enqueue(() => Of(404, ""));
        await Assert.ThrowsAsync<ChatProtocolException>(() => server.LoginAsync());
        server.Answer = (_, _) => Task.FromResult(Of(404, ""));
        await Assert.ThrowsAsync<ChatProtocolException>(() => ChatClient.NodesAsync(new Uri("http://chat.example"), Quick.Options with { Handler = server }).WithinAsync());
    }

    /// <summary>A session that a server ended as soon as it had begun was asked for again at once, for ever: two nodes that do not know each other, behind one address, are enough.</summary>
    [Fact]
    public async Task Sessions_that_end_as_soon_as_they_begin_are_not_a_storm_of_logins()
    {
        using var server = new ScriptedServer();
        await using ChatClient alice = await server.LoginAsync(Quick.Options with { FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(10) });
        server.Answer = (path, _) => path.StartsWith("/chat/wait/", StringComparison.Ordinal) || path.StartsWith("/chat/online/", StringComparison.Ordinal)
            ? Task.FromResult(ScriptedServer.Json("""{"status":"error","response":"bad_session"}"""))
            : null;
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.InRange(server.Asked.Count(path => path == "/login/"), 1, 7);
    }

    [Fact]
    public async Task Nor_are_gaps_without_end_a_storm_of_lists()
    {
        using var server = new ScriptedServer();
        for (int i = 0; i < 1000; i++)
            server.Poll("""{"status":"error","response":"resync"}""");
        await using ChatClient alice = await server.LoginAsync(Quick.Options with { FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(10) });
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.InRange(server.Asked.Count(path => path.StartsWith("/chat/start/", StringComparison.Ordinal)), 2, 7);
    }

    private static HttpResponseMessage Of(int status, string body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (status is 302 or 307)
            response.Headers.Location = new Uri("http://portal.example/login");
        return response;
    }
}

using System.Net;
using System.Text;

namespace ErlChat.Client.Tests;

/// <summary>
/// A reloading proxy, a load balancer with no server behind it, or a hotel's login page answers in place of the server. Previously, one 302
/// or 404 to a poll ended the stream of events for good. Now only an answer from the server itself does.
/// </summary>
public class ForeignAnswerTests
{
    private const string Said = """{"status":"ok","response":[{"id":103,"t":"chat_msg","d":{"nick":"bob","msg":"and on"}}]}""";

    public static TheoryData<int, string> Odd => new()
    {
        { 302, "" }, { 307, "" }, { 401, "" }, { 403, "no" }, { 404, "<h1>no</h1>" }, { 405, "" }, { 204, "" }, { 500, "" },
        { 502, "<h1>Bad Gateway</h1>" }, { 503, "" },
        { 200, "" }, { 200, "<html>Welcome to our hotel!</html>" }, { 200, """{"status":"ok","respo""" }, { 200, "{}" }, { 200, "[]" },
        { 200, "null" }, { 200, """{"status":"ok"}""" },
        { 200, """{"status":"ok","response":{}}""" }, { 200, """{"status":"ok","response":[17]}""" },
        { 200, """{"status":"ok","response":[{"id":"x"}]}""" },
        { 200, """{"status":"odd","response":""}""" }, { 200, """{"status":"error","response":"odd"}""" },
        { 200, """{"status":"error","response":"\ud800"}""" },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task A_foreign_answer_to_a_poll_does_not_end_the_stream(int status, string body)
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
    public async Task A_foreign_answer_while_the_stream_restarts_does_not_end_it(string path)
    {
        using var server = new ScriptedServer();
        server.Poll("""{"status":"error","response":"resync"}""");
        server.Poll(Said);
        await using ChatClient alice = await server.LoginAsync();
        int asked = 0;
        (int Status, string Body)[] odd =
        [
            (302, ""), (404, ""), (200, "<p>"), (200, """{"status":"ok","response":[{}]}"""),
            (200, """{"status":"error","response":"rate_limited","retry_after":0.1}"""), (429, ""),
        ];
        server.Answer = (asking, _) => asking.StartsWith(path, StringComparison.Ordinal) && asked < odd.Length
            ? Task.FromResult(Of(odd[asked].Status, odd[asked++].Body))
            : null;
        await using var hers = new Listener(alice);
        await hers.HeardAsync("and on");
        Assert.Single(hers.Events.OfType<Resynced>());
    }

    [Fact]
    public async Task The_pauses_grow_while_foreign_answers_last_and_the_user_is_told()
    {
        using var server = new ScriptedServer();
        for (int i = 0; i < 1000; i++)
            server.Poll(() => Of(302, ""));
        await using ChatClient alice = await server.LoginAsync(
            Quick.Options with { FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(10) });
        await using var hers = new Listener(alice);
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        Assert.InRange(server.Polls, 2, 7);
        Assert.Contains("302", (await hers.TheAsync<ConnectionLost>()).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_survives_foreign_answers_to_a_new_login()
    {
        using var server = new ScriptedServer();
        server.Poll("""{"status":"error","response":"bad_session"}""");
        server.Poll(Said);
        await using ChatClient alice = await server.LoginAsync();
        foreach ((int status, string body) in new (int, string)[]
        {
            (302, ""), (404, "no"), (200, "<p>Welcome to our hotel!"), (200, ""), (429, ""),
        })
            server.Logins.Enqueue(() => Of(status, body));
        await using var hers = new Listener(alice);
        await hers.HeardAsync("and on");
        Assert.True((await hers.TheAsync<Resynced>()).NewSession);
    }

    [Fact]
    public async Task A_message_with_a_foreign_answer_is_sent_again_with_its_key()
    {
        using var server = new ScriptedServer();
        foreach (int status in new[] { 302, 404, 502 })
            server.Sends.Enqueue(() => Of(status, ""));
        await using ChatClient alice = await server.LoginAsync();
        Assert.Equal(7, await alice.SayAsync("hi").WithinAsync());
    }

    /// <summary>Before the first login there is nothing to resume. The address must be wrong, and the error says so.</summary>
    [Fact]
    public async Task A_foreign_answer_to_the_first_login_means_this_is_not_a_chat_server()
    {
        using var server = new ScriptedServer();
        server.Logins.Enqueue(() => Of(404, ""));
        await Assert.ThrowsAsync<ChatProtocolException>(() => server.LoginAsync());
        server.Answer = (_, _) => Task.FromResult(Of(404, ""));
        await Assert.ThrowsAsync<ChatProtocolException>(
            () => ChatClient.NodesAsync(new Uri("http://chat.example"), Quick.Options with { Handler = server }).WithinAsync());
    }

    /// <summary>
    /// Previously, when a server ended a session as soon as it had begun, the client asked for a new one at once, for ever. Two nodes
    /// behind one address that do not know each other are enough to cause that.
    /// </summary>
    [Fact]
    public async Task Sessions_that_end_at_once_do_not_cause_a_storm_of_logins()
    {
        using var server = new ScriptedServer();
        await using ChatClient alice = await server.LoginAsync(
            Quick.Options with { FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(10) });
        server.Answer = (path, _) => path.StartsWith("/chat/wait/", StringComparison.Ordinal)
            || path.StartsWith("/chat/online/", StringComparison.Ordinal)
            ? Task.FromResult(ScriptedServer.Json("""{"status":"error","response":"bad_session"}"""))
            : null;
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.InRange(server.Asked.Count(path => path == "/login/"), 1, 7);
    }

    [Fact]
    public async Task Endless_gaps_do_not_cause_a_storm_of_lists()
    {
        using var server = new ScriptedServer();
        for (int i = 0; i < 1000; i++)
            server.Poll("""{"status":"error","response":"resync"}""");
        await using ChatClient alice = await server.LoginAsync(
            Quick.Options with { FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(10) });
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

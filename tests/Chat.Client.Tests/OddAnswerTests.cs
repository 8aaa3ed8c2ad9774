using System.Net;

namespace ErlChat.Client.Tests;

public class OddAnswerTests
{
    private static string Chat(long id, string msg) => $$$"""{"id":{{{id}}},"t":"chat_msg","d":{"nick":"bob","msg":"{{{msg}}}"}}""";

    private static string Items(params string[] items) => $$"""{"status":"ok","response":[{{string.Join(',', items)}}]}""";

    [Fact]
    public async Task Unknown_items_and_members_do_not_end_the_stream()
    {
        using var server = new ScriptedServer();
        server.Poll(Items(
            """{"id":1,"t":"poke","d":[1,2],"x":{}}""",
            """{"id":2,"t":"chat_msg","d":17}""",
            """{"id":3,"t":"system_msg","d":"&lt;b&gt;","text":"<b>","kind":"new","data":{}}""",
            Chat(4, "hi")));
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        await hers.HeardAsync("hi");
        Assert.Equal(["poke", "chat_msg"], hers.Events.OfType<Unknown>().Select(one => one.Type));
        Assert.Equal("<b>", Assert.Single(hers.Events.OfType<Notice>()).Text);
        await Eventually.BeTrueAsync(() => server.Asked[^1] == "/chat/wait/?msg_id=5&joins=all&epoch=e1");
    }

    [Fact]
    public async Task Calls_with_an_answer_that_is_not_an_envelope_are_repeated_and_nothing_is_read_twice()
    {
        using var server = new ScriptedServer();
        server.Poll(Items(Chat(1, "one"), Chat(2, "two")));
        server.Poll("<html>proxy error</html>");
        server.Poll("""{"status":"ok","response":[{"id":3,""");
        server.Poll("""{"status":"ok","response":[{"t":"chat_msg"}]}""");
        server.Poll(() => ScriptedServer.Status(HttpStatusCode.BadGateway));
        server.Poll(Items(Chat(1, "one"), Chat(2, "two"), Chat(3, "three")));
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        await hers.HeardAsync("three");
        Assert.Equal(["one", "two", "three"], hers.Texts);
        Assert.Single(hers.Events.OfType<ConnectionLost>());
        Assert.Single(hers.Events.OfType<ConnectionResumed>());
        Assert.Equal(5, server.Asked.Count(path => path.Contains("msg_id=3", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Immediate_answers_without_mail_do_not_cause_a_busy_loop()
    {
        using var server = new ScriptedServer();
        for (int i = 0; i < 1000; i++)
            server.Poll("""{"status":"ok","response":"reconnect"}""");
        await using ChatClient alice = await server.LoginAsync(Quick.Options with { FirstPause = TimeSpan.FromMilliseconds(100) });
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        Assert.InRange(server.Polls, 2, 12);
    }

    /// <summary>
    /// Previously, the restart was made inside the handler of the answer's failure, and its own failure ended the reading.
    /// </summary>
    [Fact]
    public async Task After_an_overlong_answer_the_stream_restarts_even_if_that_fails_at_first()
    {
        using var server = new ScriptedServer();
        server.Poll(() =>
        {
            server.Starts.Enqueue(() => ScriptedServer.Status(HttpStatusCode.BadGateway));
            return ScriptedServer.Json(Items(Chat(1, new string('x', 70_000))));
        });
        server.Poll(Items(Chat(102, "afterwards")));
        await using ChatClient alice = await server.LoginAsync(Quick.Options with { MaxAnswerBytes = 64 * 1024 });
        await using var hers = new Listener(alice);
        await hers.HeardAsync("afterwards");
        Assert.Single(hers.Events.OfType<Resynced>());
    }

    [Fact]
    public async Task A_superseded_reader_stops()
    {
        using var server = new ScriptedServer();
        server.Poll("""{"status":"error","response":"superseded"}""");
        await using ChatClient alice = await server.LoginAsync(Quick.Options with { LeaveOnDispose = false });
        await using var hers = new Listener(alice);
        await hers.Ended.WithinAsync();
        Assert.Equal(new SessionEnded("superseded"), Assert.Single(hers.Events));
        Assert.Equal(1, server.Polls);
    }

    [Fact]
    public async Task After_a_resync_joins_and_leaves_in_the_list_are_not_repeated()
    {
        using var server = new ScriptedServer();
        server.Poll("""{"status":"error","response":"resync"}""");
        server.Poll(Items(
            """{"id":100,"t":"user_joined_room","d":"bob"}""",
            """{"id":101,"t":"user_left_room","d":{"nick":"carol","reason":"normal"}}""",
            """{"id":102,"t":"user_joined_room","d":"dave"}"""));
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        Assert.Equal("dave", (await hers.TheAsync<UserJoined>()).Nick);
        Assert.Empty(hers.Events.OfType<UserLeft>());
        Assert.Equal(["alice", "bob"], Assert.Single(hers.Events.OfType<Resynced>().Single().Rooms).Users);
    }

    [Fact]
    public async Task Retry_After_is_honoured_and_the_same_key_is_sent_again()
    {
        var clock = new ManualTimeProvider();
        using var server = new ScriptedServer();
        server.Sends.Enqueue(() => ScriptedServer.Status(HttpStatusCode.ServiceUnavailable, retryAfter: 30));
        await using ChatClient alice = await server.LoginAsync(
            Quick.Options with { Time = clock, CallPatience = TimeSpan.FromMinutes(2), LeaveOnDispose = false });
        Task<long?> said = alice.SayAsync("hi");
        int Sent() => server.Asked.Count(path => path == "/chat/send_msg/");
        await Eventually.BeTrueAsync(() => Sent() == 1 && server.Polls == 1);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, Sent());
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(7, await said.WithinAsync());
        Assert.Equal(2, Sent());
    }

    [Fact]
    public async Task A_login_is_repeated_if_a_lost_answer_may_have_taken_the_nick()
    {
        using var server = new ScriptedServer();
        server.Logins.Enqueue(() => throw new HttpRequestException(HttpRequestError.ResponseEnded));
        server.Logins.Enqueue(() => ScriptedServer.Refusal("nick_in_use"));
        await using ChatClient alice = await server.LoginAsync();
        Assert.Equal(3, server.Asked.Count(path => path == "/login/"));

        server.Logins.Enqueue(() => throw new HttpRequestException(HttpRequestError.ConnectionError));
        server.Logins.Enqueue(() => ScriptedServer.Refusal("nick_in_use"));
        Assert.Equal(ChatRefusal.NickInUse, await Quick.RefusalAsync(() => server.LoginAsync()));
    }

    [Theory]
    [InlineData("You are banned from the chat server. Time remaining: 7 seconds", ChatRefusal.HostBanned)]
    [InlineData("Your host has too many connections to the chat server.", ChatRefusal.HostFull)]
    [InlineData("The nickname must be alphanumeric and not blank.", ChatRefusal.NickNotAllowed)]
    [InlineData("The nickname is not available.", ChatRefusal.NickInUse)]
    public async Task The_refusals_of_a_server_without_the_header_are_read_from_its_page(string text, ChatRefusal why)
    {
        using var server = new ScriptedServer();
        server.Logins.Enqueue(() => ScriptedServer.Json($"<p class=\"error\">**  {text}</p>"));
        Assert.Equal(why, await Quick.RefusalAsync(() => server.LoginAsync()));
    }

    [Fact]
    public async Task A_message_with_unknown_outcome_is_not_repeated_when_the_session_is_gone()
    {
        using var server = new ScriptedServer();
        server.Sends.Enqueue(() => throw new HttpRequestException(HttpRequestError.ResponseEnded));
        server.Sends.Enqueue(() => ScriptedServer.Json("""{"status":"error","response":"bad_session"}"""));
        await using ChatClient alice = await server.LoginAsync();
        var e = await Assert.ThrowsAsync<ChatUnavailableException>(() => alice.SayAsync("hi").WithinAsync());
        Assert.True(e.MayHaveHappened);
    }

    [Fact]
    public async Task A_login_page_in_an_unknown_character_set_is_read_all_the_same()
    {
        using var server = new ScriptedServer();
        server.Logins.Enqueue(() =>
        {
            HttpResponseMessage page = ScriptedServer.Json("The nickname is not available.");
            page.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("text/html") { CharSet = "nonsense" };
            return page;
        });
        Assert.Equal(ChatRefusal.NickInUse, await Quick.RefusalAsync(() => server.LoginAsync()));
    }

    /// <summary>
    /// Previously, a user who left while the session was being renewed left only the old session. The new one held the nick until the
    /// server removed it.
    /// </summary>
    [Fact]
    public async Task Leaving_while_the_session_is_renewed_ends_the_new_one_too()
    {
        using var server = new ScriptedServer();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int logins = 0;
        server.Answer = (path, _) => path == "/login/" && Interlocked.Increment(ref logins) == 2 ? LoginAsync() : null;
        server.Poll("""{"status":"error","response":"bad_session","reason":"timeout"}""");
        await using ChatClient alice = await server.LoginAsync();
        await Eventually.BeTrueAsync(() => Volatile.Read(ref logins) == 2);
        await alice.LeaveAsync().WithinAsync();
        Assert.Equal(1, Left());
        gate.SetResult();
        await Eventually.BeTrueAsync(() => Left() == 2);

        int Left() => server.Asked.Count(path => path == "/chat/leave/");
        async Task<HttpResponseMessage> LoginAsync()
        {
            await gate.Task;
            var found = new HttpResponseMessage(HttpStatusCode.Found);
            found.Headers.Add("Set-Cookie", "chat_sess=second; Path=/; HttpOnly");
            return found;
        }
    }

    [Fact]
    public async Task A_single_unreadable_item_is_skipped()
    {
        using var server = new ScriptedServer();
        server.Poll(Items(
            Chat(1, "one"),
            """{"t":"chat_msg"}""",
            """{"id":2,"t":"chat_msg","d":{"nick":"bob","\ud800":1,"msg":"x"}}""",
            Chat(3, "three")));
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        await hers.HeardAsync("three");
        Assert.Equal("one", hers.Texts[0]);
        Assert.Empty(hers.Events.OfType<ConnectionLost>());
    }

    [Fact]
    public async Task Endless_lists_are_given_up()
    {
        using var server = new ScriptedServer();
        int pages = 0;
        server.Answer = (path, _) => path.StartsWith("/chat/online/", StringComparison.Ordinal)
            ? Task.FromResult(ScriptedServer.Json("""{"status":"ok","response":["bob"],"id":101,"more":true}"""))
            : path.StartsWith("/chat/rooms/", StringComparison.Ordinal)
                ? Task.FromResult(ScriptedServer.Json(
                    """{"status":"ok","response":[{"name":"room"""
                    + Interlocked.Increment(ref pages)
                    + "\",\"topic\":\"\",\"members\":1}],\"more\":true}"))
                : null;
        await using ChatClient alice = await server.LoginAsync();
        await Assert.ThrowsAsync<ChatUnavailableException>(() => alice.UsersAsync().WithinAsync());
        await Assert.ThrowsAsync<ChatUnavailableException>(() => alice.RoomsAsync().WithinAsync());
        Assert.Equal(50, pages);
    }

    /// <summary>Previously, too many tries of the password delayed everything sent after them.</summary>
    [Fact]
    public async Task Too_many_password_tries_are_reported_at_once()
    {
        using var server = new ScriptedServer();
        server.Answer = (path, _) => path == "/chat/auth/"
            ? Task.FromResult(ScriptedServer.Json("""{"status":"error","response":"rate_limited","retry_after":30}"""))
            : null;
        await using ChatClient alice = await server.LoginAsync();
        var refused = await Assert.ThrowsAsync<ChatRefusedException>(() => alice.AuthenticateAsync("guess").WithinAsync());
        Assert.Equal((ChatRefusal.RateLimited, TimeSpan.FromSeconds(30)), (refused.Why, refused.RetryAfter));
        Assert.Equal(7, await alice.SayAsync("hi").WithinAsync());
    }
}

namespace ErlChat.Client.Tests;

/// <summary>
/// When a server says when to come back, the client waits, for every kind of call: 429 with Retry-After if there is no session,
/// rate_limited with retry_after if there is one.
/// </summary>
public class LimitTests
{
    private static readonly TimeSpan s_asked = TimeSpan.FromSeconds(30);

    /// <summary>The clock runs ahead of the requests, which must not time out because of it.</summary>
    private static readonly ChatClientOptions s_options =
        Quick.Options with { RequestTimeout = TimeSpan.FromHours(1), WaitSlack = TimeSpan.FromHours(1) };

    public static TheoryData<string, bool> Calls
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (string path in new[]
            {
                "/chat/send_msg/", "/chat/rooms/", "/chat/history/", "/chat/online/", "/chat/join/", "/chat/part/", "/chat/leave/",
            })
            {
                all.Add(path, true);
                all.Add(path, false);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_waits_as_long_as_it_is_told(string path, bool byStatus)
    {
        var clock = new ManualTimeProvider();
        using var server = new ScriptedServer();
        await using ChatClient alice = await server.LoginAsync(
            s_options with { Time = clock, CallPatience = TimeSpan.FromMinutes(2), LeaveOnDispose = false });
        LimitOnce(server, path, byStatus);
        long started = clock.GetTimestamp();
        Task call = path switch
        {
            "/chat/send_msg/" => alice.SayAsync("hi"),
            "/chat/rooms/" => alice.RoomsAsync(),
            "/chat/history/" => alice.HistoryAsync(),
            "/chat/online/" => alice.UsersAsync(),
            "/chat/join/" => alice.JoinAsync("tea"),
            "/chat/part/" => alice.PartAsync("tea"),
            _ => alice.LeaveAsync(),
        };
        await PassAsync(clock, call);
        AssertWaited(clock, started, server, path);
    }

    [Theory]
    [InlineData("/login/", true)]
    [InlineData("/chat/start/", true)]
    [InlineData("/chat/start/", false)]
    [InlineData("/chat/me/", false)]
    public async Task A_login_waits_too_within_its_patience(string path, bool byStatus)
    {
        var clock = new ManualTimeProvider();
        ChatClientOptions options = s_options with { Time = clock, LoginPatience = TimeSpan.FromMinutes(2), LeaveOnDispose = false };
        using var server = new ScriptedServer();
        LimitOnce(server, path, byStatus);
        long started = clock.GetTimestamp();
        Task<ChatClient> login = server.LoginAsync(options);
        await PassAsync(clock, login);
        await (await login).DisposeAsync();
        AssertWaited(clock, started, server, path);

        LimitOnce(server, "/login/", byStatus: true);
        ChatUnavailableException hurried = await Assert.ThrowsAsync<ChatUnavailableException>(
            () => server.LoginAsync(options with { LoginPatience = TimeSpan.FromSeconds(10) }));
        Assert.Equal((s_asked, false), (hurried.RetryAfter, hurried.MayHaveHappened));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_stream_of_events_waits_as_long_as_it_is_told(bool byStatus)
    {
        var clock = new ManualTimeProvider();
        using var server = new ScriptedServer();
        LimitOnce(server, "/chat/wait/", byStatus);
        server.Poll("""{"status":"ok","response":[{"id":1,"t":"chat_msg","d":{"nick":"bob","msg":"hi"}}]}""");
        long started = clock.GetTimestamp();
        await using ChatClient alice = await server.LoginAsync(s_options with { Time = clock, LeaveOnDispose = false });
        await using var hers = new Listener(alice);
        await PassAsync(clock, hers.HeardAsync("hi"));
        AssertWaited(clock, started, server, "/chat/wait/", again: 2);
    }

    private static void AssertWaited(ManualTimeProvider clock, long started, ScriptedServer server, string path, int again = 1)
    {
        Assert.True(clock.GetElapsedTime(started) >= s_asked);
        Assert.InRange(server.Asked.Count(asked => asked.StartsWith(path, StringComparison.Ordinal)), 2, 1 + again);
    }

    /// <summary>Advances the clock quickly, but not so quickly that the call cannot follow.</summary>
    private static async Task PassAsync(ManualTimeProvider clock, Task task)
    {
        for (long started = TimeProvider.System.GetTimestamp();
            !task.IsCompleted && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20);)
        {
            clock.Advance(TimeSpan.FromSeconds(0.25));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        await task.WithinAsync();
    }

    private static void LimitOnce(ScriptedServer server, string path, bool byStatus)
    {
        int times = 0;
        server.Answer = (asked, _) => !asked.StartsWith(path, StringComparison.Ordinal) || times++ > 0 ? null : Task.FromResult(byStatus
            ? ScriptedServer.Status(System.Net.HttpStatusCode.TooManyRequests, retryAfter: 30)
            : ScriptedServer.Json("""{"status":"error","response":"rate_limited","retry_after":30}"""));
    }
}

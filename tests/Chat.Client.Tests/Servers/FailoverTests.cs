using System.Net;

namespace ErlChat.Client.Tests;

/// <summary>A client with several servers goes on at the next one when one fails.</summary>
public class FailoverTests
{
    /// <summary>How a server can fail.</summary>
    public static TheoryData<string> Failures => [.. s_failures.Keys];

    private static readonly Dictionary<string, Func<HttpResponseMessage>> s_failures = new()
    {
        ["refused"] = () => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
        ["unknown host"] = () => throw new HttpRequestException(HttpRequestError.NameResolutionError, "unknown"),
        ["broken"] = () => throw new HttpRequestException(HttpRequestError.ResponseEnded, "ended"),
        ["no connection in time"] = () => throw new TaskCanceledException("late", new TimeoutException()),
        ["502"] = () => ScriptedServer.Status(HttpStatusCode.BadGateway),
        ["503"] = () => ScriptedServer.Status(HttpStatusCode.ServiceUnavailable),
        ["503 for an hour"] = () => ScriptedServer.Status(HttpStatusCode.ServiceUnavailable, 3600),
        ["404"] = () => ScriptedServer.Status(HttpStatusCode.NotFound),
        ["a page"] = () => ScriptedServer.Json("<h1>Welcome to nginx!</h1>"),
        ["stopping"] = () => ScriptedServer.Json("""{"status":"error","response":"stopping","retry_after":60}"""),
        ["unavailable"] = () => ScriptedServer.Json("""{"status":"error","response":"unavailable","retry_after":60}"""),
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_message_goes_to_the_next_server_at_once_with_the_same_token_and_key(string failure)
    {
        (ScriptedServers servers, ScriptedServer first, _, ChatClient client) = await ScriptedServers.PairAsync();
        using ScriptedServers both = servers;
        await using ChatClient alice = client;
        first.Sends.Enqueue(s_failures[failure]);
        Assert.Equal(7, await alice.SayAsync("hello").WithinAsync());
        (string Host, string Path, string Cookie, string Body)[] sends =
            [.. servers.Asked.Where(one => one.Path == "/chat/send_msg/")];
        Assert.Equal(2, sends.Length);
        Assert.NotEqual(sends[0].Host, sends[1].Host);
        Assert.Equal((sends[0].Cookie, sends[0].Body), (sends[1].Cookie, sends[1].Body));
        Assert.Equal("chat_sess=secret", sends[1].Cookie);
        Assert.Contains("key=", sends[1].Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_poll_goes_to_the_next_server_at_once_with_the_same_cursor(string failure)
    {
        (ScriptedServers servers, _, ScriptedServer second, ChatClient client) =
            await ScriptedServers.PairAsync(firstPoll: s_failures[failure]);
        using ScriptedServers both = servers;
        await using ChatClient alice = client;
        await using var hers = new Listener(alice);
        await hers.HeardAsync("one");
        await Eventually.BeTrueAsync(() => second.Polls == 2, what: "polls on");
        Assert.Equal(
            ["/chat/wait/?msg_id=0&joins=all&epoch=e1", "/chat/wait/?msg_id=101&joins=all&epoch=e1"],
            second.Asked.Where(path => path.StartsWith("/chat/wait/", StringComparison.Ordinal)));
        Assert.Single(hers.Events);
    }

    [Fact]
    public async Task A_poll_that_a_stopping_server_answers_goes_to_the_next_server_at_once()
    {
        (ScriptedServers servers, _, _, ChatClient client) = await ScriptedServers.PairAsync(firstPoll: () =>
            ScriptedServer.Json("""{"status":"ok","response":"reconnect","stopping":true,"retry_after":60}"""));
        using ScriptedServers both = servers;
        await using ChatClient alice = client;
        await using var hers = new Listener(alice);
        await hers.HeardAsync("one");
        Assert.Single(hers.Events);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_login_tries_every_server_once_however_short_the_patience_is(string failure)
    {
        using var servers = new ScriptedServers(3);
        foreach (ScriptedServer one in servers.All.Values.Skip(1))
            one.Logins.Enqueue(s_failures[failure]);
        await using ChatClient alice = await servers.LoginAsync(
            ScriptedServers.WithLongPauses(Quick.Options) with { LoginPatience = TimeSpan.Zero });
        Assert.InRange(servers.Asked.Count(one => one.Path == "/login/"), 1, 3);
        Assert.Contains(("a", "/login/"), servers.Asked.Select(one => (one.Host, one.Path)));
    }

    [Fact]
    public async Task A_login_fails_if_no_server_answers()
    {
        using var servers = new ScriptedServers(3);
        foreach (ScriptedServer one in servers.All.Values)
            one.Logins.Enqueue(s_failures["refused"]);
        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(
            () => servers.LoginAsync(
                ScriptedServers.WithLongPauses(Quick.Options) with { LoginPatience = TimeSpan.Zero }));
        Assert.False(e.MayHaveHappened);
        Assert.Equal(["a", "b", "c"], servers.Asked.Select(one => one.Host).Order());
    }

    [Fact]
    public async Task A_login_fails_as_before_if_no_server_is_a_chat_server()
    {
        using var servers = new ScriptedServers(2);
        foreach (ScriptedServer one in servers.All.Values)
            one.Logins.Enqueue(s_failures["404"]);

        // With short pauses, the first server could be asked again before the second has answered, and it answers only once with 404.
        await Assert.ThrowsAsync<ChatProtocolException>(() => servers.LoginAsync(ScriptedServers.WithLongPauses(Quick.Options)));
    }

    /// <summary>A poll at a server that hangs would otherwise wait for its whole time, although a message has found out.</summary>
    [Fact]
    public async Task A_parked_poll_moves_when_a_message_finds_that_the_server_is_silent()
    {
        (ScriptedServers servers, ScriptedServer first, ScriptedServer second, ChatClient client) =
            await ScriptedServers.PairAsync(
                Quick.Options with { WaitSlack = TimeSpan.FromMinutes(2), RequestTimeout = TimeSpan.FromSeconds(0.3) });
        using ScriptedServers both = servers;
        await using ChatClient alice = client;
        await using var hers = new Listener(alice);
        await Eventually.BeTrueAsync(() => first.Polls == 1, what: "a parked poll");
        first.Answer = (_, cancellationToken) => ScriptedServer.SilenceAsync(cancellationToken);
        second.Poll(ScriptedServers.Item);
        Assert.Equal(7, await alice.SayAsync("hello").WithinAsync());
        await hers.HeardAsync("one");
        Assert.Single(hers.Events);
    }

    /// <summary>All servers have the same limit, so that asking another one would only be refused there too.</summary>
    [Fact]
    public async Task A_rate_limit_is_not_a_reason_to_change_the_server()
    {
        using var servers = new ScriptedServers(2);
        await using ChatClient alice = await servers.LoginAsync();
        servers.All[servers.First].Sends.Enqueue(
            () => ScriptedServer.Json("""{"status":"error","response":"rate_limited","retry_after":0.05}"""));
        await alice.SayAsync("hello").WithinAsync();
        Assert.Equal([servers.First], servers.Asked.Select(one => one.Host).Distinct());
    }

    [Fact]
    public async Task The_loss_is_reported_only_when_no_server_is_left()
    {
        using var servers = new ScriptedServers(3);
        await using ChatClient alice = await servers.LoginAsync();
        await using var hers = new Listener(alice);
        bool isDown = true;
        foreach (ScriptedServer one in servers.All.Values)
            one.Answer = (_, _) => isDown ? Task.FromResult(s_failures["refused"]()) : null;
        Task<long?> saying = alice.SayAsync("hello");
        await hers.TheAsync<ConnectionLost>();
        foreach (ScriptedServer one in servers.All.Values)
            one.Poll(ScriptedServers.Item);
        isDown = false;
        await saying.WithinAsync();
        await hers.TheAsync<ConnectionResumed>();
        await hers.HeardAsync("one");
        Assert.Equal(3, hers.Events.Length);
        Assert.All(servers.All.Values, one => Assert.NotEmpty(one.Asked));
    }

    [Fact]
    public async Task A_client_returns_to_its_server_once_that_says_it_is_ready()
    {
        using var servers = new ScriptedServers(2);
        TimeSpan rest = TimeSpan.FromMilliseconds(50);
        await using ChatClient alice = await servers.LoginAsync(Quick.Options with { FirstPause = rest, LongestRest = rest });
        ScriptedServer first = servers.All[servers.First], second = servers.Other;
        await using var hers = new Listener(alice);
        bool isReady = false;
        first.Answer = (path, _) =>
            isReady ? path == "/readyz" ? Task.FromResult(ScriptedServer.Json("ready")) : null
            : path == "/readyz" ? Task.FromResult(s_failures["503"]())
            : Task.FromResult(s_failures["refused"]());
        second.Answer = (path, cancellationToken) => path.StartsWith("/chat/wait/", StringComparison.Ordinal)
            ? PacedAsync(second, path, cancellationToken)
            : null;
        await alice.SayAsync("hello").WithinAsync();
        await Eventually.BeTrueAsync(() => first.Asked.Count(path => path == "/readyz") >= 3, what: "asks again and again");
        Assert.DoesNotContain(first.Asked.SkipWhile(path => path != "/readyz"), path => path != "/readyz");
        isReady = true;
        int before = first.Polls;
        await Eventually.BeTrueAsync(() => first.Polls > before, what: "polls at the first server");
    }

    [Fact]
    public async Task Clients_spread_over_the_servers()
    {
        using var servers = new ScriptedServers(3);
        ChatClient[] clients = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => servers.LoginAsync()));
        Assert.All(servers.All.Values, one => Assert.InRange(one.Asked.Count(path => path == "/login/"), 3, 50));
        foreach (ChatClient client in clients)
            await client.DisposeAsync();
    }

    /// <summary>With several nodes behind one address, the next request may reach a node that has not read as far yet.</summary>
    [Fact]
    public async Task A_list_that_is_older_than_the_start_is_asked_for_again()
    {
        using var server = new ScriptedServer();
        int asked = 0;
        server.Answer = (path, _) => path.StartsWith("/chat/online/", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 1
            ? Task.FromResult(ScriptedServer.Json("""{"status":"ok","response":["alice"],"id":98}"""))
            : null;
        server.Poll("""{"status":"error","response":"resync"}""");
        server.Poll("""{"status":"error","response":"resync"}""");
        await using ChatClient alice = await server.LoginAsync();
        await using var hers = new Listener(alice);
        Resynced anew = await hers.TheAsync<Resynced>();
        Assert.Equal(["alice", "bob"], Assert.Single(anew.Rooms).Users);
    }

    [Theory]
    [InlineData("https://a", "http://b")]
    [InlineData("http://a", "https://b", "http://c")]
    public async Task A_token_never_goes_from_https_to_http(params string[] servers)
    {
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(
            () => ChatClient.LoginAsync(servers.Select(one => new Uri(one)), "alice"));
        Assert.Contains("all servers use https or none does", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("ftp://a")]
    [InlineData("http://a", "b")]
    public Task Other_lists_that_make_no_sense_are_refused_too(params string[] servers) => Assert.ThrowsAsync<ArgumentException>(
        () => ChatClient.LoginAsync(servers.Select(one => new Uri(one, UriKind.RelativeOrAbsolute)), "alice"));

    private static async Task<HttpResponseMessage> PacedAsync(ScriptedServer server, string path, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        long next = long.Parse(path.Split('=', '&')[1], System.Globalization.CultureInfo.InvariantCulture);
        return ScriptedServer.Json(ScriptedServers.Item.Replace("100", $"{Math.Max(next, 100)}", StringComparison.Ordinal));
    }
}

namespace ErlChat.Client.Tests;

/// <summary>
/// Everything a client was asked to do completes, if necessary with an error, even if the client is disposed, removed by the server or
/// cancelled in the middle.
/// </summary>
public class DisposalTests
{
    private static readonly ChatClientOptions s_options = Quick.Options with { LeaveOnDispose = false };

    /// <summary>
    /// Previously, of two messages queued for a server that is down, the second never completed when the client was disposed: it waited for
    /// a semaphore that had already been disposed.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_that_wait_for_a_server_that_is_down_complete_when_the_client_is_disposed(bool leaves)
    {
        using var server = new ScriptedServer();
        ChatClient alice = await server.LoginAsync(s_options with { LeaveOnDispose = leaves });
        server.Answer = (path, stop) => path.StartsWith("/chat/wait/", StringComparison.Ordinal) ? null : ScriptedServer.SilenceAsync(stop);
        Task<long?>[] said = [.. Enumerable.Range(0, 5).Select(i => alice.SayAsync($"{i}"))];
        Task rooms = alice.RoomsAsync();
        await Eventually.BeTrueAsync(() => server.Asked.Contains("/chat/send_msg/") && server.Asked.Contains("/chat/rooms/"));
        await alice.DisposeAsync().WithinAsync();

        Assert.True((await Assert.ThrowsAsync<ChatUnavailableException>(() => said[0].WithinAsync())).MayHaveHappened);
        foreach (Task<long?> one in said[1..])
            Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => one));
        await Assert.ThrowsAsync<ChatUnavailableException>(() => rooms.WithinAsync());
        Assert.Equal(0, server.Open);
    }

    [Fact]
    public async Task A_message_that_was_certainly_not_sent_is_distinguished_from_one_that_may_have_been()
    {
        using var server = new ScriptedServer();
        ChatClient alice = await server.LoginAsync(
            s_options with
            {
                FirstPause = TimeSpan.FromMinutes(1),
                LongestPause = TimeSpan.FromMinutes(1),
                CallPatience = TimeSpan.FromMinutes(5),
            });
        server.Sends.Enqueue(() => throw new HttpRequestException(HttpRequestError.ConnectionError));
        Task<long?> nowhere = alice.SayAsync("hi");
        await Eventually.BeTrueAsync(() => server.Asked.Contains("/chat/send_msg/"));
        await alice.DisposeAsync().WithinAsync();
        Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(() => nowhere));
    }

    [Fact]
    public async Task A_second_disposal_waits_for_the_first_and_afterwards_every_call_is_refused()
    {
        using var server = new ScriptedServer();
        ChatClient alice = await server.LoginAsync();
        var release = new TaskCompletionSource();
        server.Answer = (path, _) => path == "/chat/leave/" ? AfterAsync(release.Task) : null;
        Task first = alice.DisposeAsync().AsTask(), second = alice.DisposeAsync().AsTask();
        await Eventually.BeTrueAsync(() => server.Asked.Contains("/chat/leave/"));
        Assert.False(second.IsCompleted);
        release.SetResult();
        await Task.WhenAll(first, second).WithinAsync();
        await alice.DisposeAsync().WithinAsync();
        foreach (Func<Task> call in new Func<Task>[]
        {
            () => alice.SayAsync("?"), () => alice.RoomsAsync(), () => alice.JoinAsync("tea"), () => alice.PartAsync("tea"),
            () => alice.HistoryAsync(),
        })
            Assert.Equal(ChatRefusal.SessionEnded, await Quick.RefusalAsync(call));
        await alice.LeaveAsync().WithinAsync();
        Assert.Single(server.Asked, path => path == "/chat/leave/");
    }

    /// <summary>
    /// Previously, the disposal ended the call with which the user was leaving. The terminal disposes the client when it reads that the
    /// session has ended, so it said that the server does not answer, and kept a session that was over.
    /// </summary>
    [Fact]
    public async Task A_disposal_lets_a_leave_that_is_under_way_be_answered()
    {
        using var server = new ScriptedServer();
        ChatClient alice = await server.LoginAsync(s_options);
        var release = new TaskCompletionSource();
        server.Answer = (path, stop) => path == "/chat/leave/" ? AfterAsync(release.Task.WaitAsync(stop)) : null;
        Task leaving = alice.LeaveAsync();
        await Eventually.BeTrueAsync(() => server.Asked.Contains("/chat/leave/"));
        Task disposing = alice.DisposeAsync().AsTask();
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        release.SetResult();
        await leaving.WithinAsync();
        await disposing.WithinAsync();
        Assert.Equal(0, server.Open);
    }

    [Fact]
    public async Task Cancelling_a_call_ends_only_that_call_and_with_its_own_token()
    {
        using var server = new ScriptedServer();
        await using ChatClient alice = await server.LoginAsync(s_options);
        server.Answer = (path, stop) => path == "/chat/send_msg/" ? ScriptedServer.SilenceAsync(stop) : null;
        using var stop = new CancellationTokenSource();
        Task<long?> first = alice.SayAsync("1"), second = alice.SayAsync("2", cancellationToken: stop.Token), third = alice.SayAsync("3");
        await stop.CancelAsync();
        Assert.Equal(stop.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WithinAsync())).CancellationToken);
        Assert.False(first.IsCompleted || third.IsCompleted);
        await alice.DisposeAsync().WithinAsync();
        await Assert.ThrowsAsync<ChatUnavailableException>(() => first.WithinAsync());
        await Assert.ThrowsAsync<ChatRefusedException>(() => third.WithinAsync());
    }

    /// <summary>Previously, a user who was rate-limited and then kicked was told only after the limit had been waited out.</summary>
    [Fact]
    public async Task A_user_kicked_while_waiting_out_a_rate_limit_is_told_at_once()
    {
        using var server = new ScriptedServer();
        await using ChatClient alice = await server.LoginAsync(s_options with { CallPatience = TimeSpan.FromMinutes(9) });
        server.Sends.Enqueue(() =>
        {
            server.Answer = (path, _) => path.StartsWith("/chat/wait/", StringComparison.Ordinal)
                ? Task.FromResult(ScriptedServer.Json("""{"status":"error","response":"bad_session","reason":"kicked"}"""))
                : null;
            return ScriptedServer.Json("""{"status":"error","response":"rate_limited","retry_after":300}""");
        });
        server.Poll("""{"status":"ok","response":"reconnect"}""");
        server.Poll("""{"status":"ok","response":"reconnect"}""");
        Task<long?>[] said = [.. Enumerable.Range(0, 3).Select(i => alice.SayAsync($"{i}"))];
        foreach (Task<long?> one in said)
        {
            server.Poll("""{"status":"ok","response":"reconnect"}""");
            Assert.Equal("kicked", (await Assert.ThrowsAsync<ChatRefusedException>(() => one.WithinAsync())).Word);
        }
    }

    [Fact]
    public async Task A_failed_login_leaves_no_session_behind()
    {
        using var server = new ScriptedServer();
        using var stop = new CancellationTokenSource();
        server.Answer = (path, asked) => path.StartsWith("/chat/start/", StringComparison.Ordinal)
            ? ScriptedServer.SilenceAsync(asked)
            : null;
        Task<ChatClient> login = ChatClient.LoginAsync(
            new Uri("http://chat.example"), "alice", Quick.Options with { Handler = server }, stop.Token);
        await Eventually.BeTrueAsync(() => server.Asked.Any(path => path.StartsWith("/chat/start/", StringComparison.Ordinal)));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => login.WithinAsync());
        Assert.Equal("/chat/leave/", server.Asked[^1]);
        Assert.Equal(0, server.Open);
    }

    [Fact]
    public async Task A_reader_that_reads_nothing_does_not_delay_the_disposal()
    {
        using var server = new ScriptedServer();
        server.Poll("""{"status":"ok","response":[{"id":1,"t":"poke"},{"id":2,"t":"poke"},{"id":3,"t":"poke"}]}""");
        ChatClient alice = await server.LoginAsync(s_options with { MaxBufferedEvents = 1 });
        await Eventually.BeTrueAsync(() => server.Asked.Contains("/chat/me/") && server.Polls == 1);
        await alice.DisposeAsync().WithinAsync();
        Assert.Single(await ReadAllAsync(alice).WithinAsync());

        static async Task<List<ChatEvent>> ReadAllAsync(ChatClient client)
        {
            var all = new List<ChatEvent>();
            await foreach (ChatEvent one in client.ReadAsync())
                all.Add(one);
            return all;
        }
    }

    private static async Task<HttpResponseMessage> AfterAsync(Task task)
    {
        await task;
        return ScriptedServer.Json("""{"status":"ok","response":""}""");
    }

    [Fact]
    public async Task Messages_sent_while_the_server_stops_for_good_complete()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        ChatClient alice = await server.LoginAsync("alice", Quick.Options with { CallPatience = TimeSpan.FromSeconds(1) });
        await server.StopAsync();
        Task<long?>[] said = [.. Enumerable.Range(0, 20).Select(i => alice.SayAsync($"{i}"))];
        Assert.False((await Assert.ThrowsAsync<ChatUnavailableException>(() => said[0].WithinAsync())).MayHaveHappened);
        await alice.DisposeAsync().WithinAsync();
        foreach (Task<long?> one in said[1..])
            await Assert.ThrowsAnyAsync<ChatException>(() => one.WithinAsync());
    }
}

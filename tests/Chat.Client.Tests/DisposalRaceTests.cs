using System.Net;

namespace ErlChat.Client.Tests;

/// <summary>
/// Random calls, cancellations, faults and disposals. No call stays incomplete, none fails in an undocumented way, and nothing is left
/// behind.
/// </summary>
public class DisposalRaceTests
{
    private const int Clients = 150;

    [Fact]
    public Task Every_call_completes_no_matter_how_clients_and_servers_end() => Seeds.RunAsync(async seed =>
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved)
                unobserved.Add(e.Exception);
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            int[] ends = new int[4];
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(() => LiveAsync(new Random(seed + i), ends))))
                .WithinAsync(TimeSpan.FromSeconds(60));
            GC.Collect();
            GC.WaitForPendingFinalizers();
            TestContext.Current.SendDiagnosticMessage(
                "{0}={1}: {2} done, {3} refused, {4} unavailable, {5} cancelled", Seeds.Variable, seed, ends[0], ends[1], ends[2], ends[3]);
            Assert.All(ends, count => Assert.True(count > 0));
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        // Other tests run at the same time. A documented failure of a call that one of them abandoned does not count here.
        lock (unobserved)
            Assert.DoesNotContain(
                unobserved,
                e => e.ToString().Contains("ErlChat.Client.", StringComparison.Ordinal) && e.InnerException is not ChatException);
    });

    [Fact]
    public Task Clients_disposed_in_the_middle_of_calls_leave_no_sockets() => Seeds.RunAsync(async seed =>
    {
        await using RunningServer server = await RunningServer.StartAsync("Chat:PollTimeout=00:00:01", "Chat:PollJitter=00:00:00.200");
        await using var proxy = new FaultProxy(server.Address, seed);
        ChatClient[] clients = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => ChatClient.LoginAsync(proxy.Address, $"c{i}", Quick.Options)));

        // Not before all are in: a login gives up after a few faults.
        proxy.Percent = 40;
        await Task.WhenAll(clients.Select(async (client, i) =>
        {
            var random = new Random(seed + i);
            Task<long?>[] said = [.. Enumerable.Range(0, random.Next(1, 10)).Select(n => client.SayAsync($"{n}"))];
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200)), TimeProvider.System);
            await client.DisposeAsync().WithinAsync();
            Task all = Task.WhenAll(said);
            await all.WithinAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.All(said, one => Assert.True(
                one.IsCompletedSuccessfully || one.Exception?.InnerException is ChatException, one.Exception?.ToString()));
        }));
        await Eventually.BeTrueAsync(() => proxy.Connections == 0, what: $"{proxy.Connections} connections");
    });

    private static async Task LiveAsync(Random random, int[] ends)
    {
        using var server = new ScriptedServer();
        ChatClient client = await server.LoginAsync(Quick.Options with
        {
            LeaveOnDispose = random.Next(2) == 0,
            FirstPause = TimeSpan.FromMilliseconds(1),
            CallPatience = TimeSpan.FromSeconds(random.Next(2)),
            RequestTimeout = TimeSpan.FromMilliseconds(random.Next(20, 1000)),
            MaxPendingSends = random.Next(2) == 0 ? 3 : 1000,
        });
        var gate = new Lock();
        server.Answer = (path, stop) =>
        {
            lock (gate)
                return Chance(random.Next(12), random.Next(30), stop);
        };
        using var cancelled = new CancellationTokenSource();
        var calls = new List<Task>();
        Task reading = ReadAsync(client);
        int count = random.Next(1, 30), disposeAt = random.Next(count), cancelAt = random.Next(count);
        Task disposing = Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            if (i == disposeAt)
                disposing = Task.WhenAll(Task.Run(() => client.DisposeAsync().AsTask()), Task.Run(() => client.DisposeAsync().AsTask()));
            if (i == cancelAt)
                await cancelled.CancelAsync();
            int what, pause;
            lock (gate)
                (what, pause) = (random.Next(8), random.Next(10));
            calls.Add(CallAsync(client, what, what % 2 == 0 ? cancelled.Token : default));
            if (pause == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }

        await Task.WhenAll(disposing, reading).WithinAsync(TimeSpan.FromSeconds(20));
        foreach (Task call in calls)
        {
            await call.WithinAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.True(call.IsCompleted);
            int end = call.IsCompletedSuccessfully ? 0
                : call.IsCanceled ? 3
                : call.Exception!.InnerException switch { ChatRefusedException => 1, ChatUnavailableException => 2, _ => -1 };
            Assert.True(end >= 0, call.Exception?.ToString());
            Interlocked.Increment(ref ends[end]);
        }

        Assert.Equal(0, server.Open);
    }

    private static Task CallAsync(ChatClient client, int what, CancellationToken cancellationToken) => what switch
    {
        0 or 1 or 2 => client.SayAsync("hi", cancellationToken: cancellationToken),
        3 => client.WhisperAsync("bob", "hi", cancellationToken),
        4 => client.JoinAsync("tea", cancellationToken),
        5 => client.UsersAsync(cancellationToken: cancellationToken),
        6 => client.HistoryAsync(cancellationToken: cancellationToken),
        _ => client.RoomsAsync(cancellationToken),
    };

    private static async Task ReadAsync(ChatClient client)
    {
        await foreach (ChatEvent _ in client.ReadAsync())
        {
        }
    }

    /// <summary>What happens to a request: mostly what should, otherwise one of the things that go wrong.</summary>
    private static Task<HttpResponseMessage>? Chance(int what, int delay, CancellationToken stop) => what switch
    {
        0 => Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError)),
        1 => Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ResponseEnded)),
        2 => ScriptedServer.SilenceAsync(stop),
        3 => Task.FromResult(ScriptedServer.Status(HttpStatusCode.NotFound)),
        4 => Task.FromResult(ScriptedServer.Status(HttpStatusCode.BadGateway)),
        5 => Task.FromResult(ScriptedServer.Json("""{"status":"error","response":"rate_limited","retry_after":0.01}""")),
        6 when delay < 8 => Task.FromResult(ScriptedServer.Json("""{"status":"error","response":"bad_session"}""")),
        6 when delay < 10 => Task.FromResult(ScriptedServer.Json("""{"status":"error","response":"bad_session","reason":"kicked"}""")),
        7 => LaterAsync(delay, stop),
        _ => null,
    };

    private static async Task<HttpResponseMessage> LaterAsync(int delay, CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System, stop);
        return ScriptedServer.Json("""{"status":"ok","response":""}""");
    }
}

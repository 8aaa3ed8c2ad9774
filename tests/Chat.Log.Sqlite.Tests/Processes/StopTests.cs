using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>A stop ends in time, answers whoever waits, and leaves a snapshot, whatever clients do.</summary>
public sealed class StopTests : IDisposable
{
    private const string HalfAHead = "GET /chat/wait/?msg_id=1 HTTP/1.1\r\nHost: x\r\n";

    private static readonly string[] s_options =
    [
        "--Log:RestoreMail=0", "--Limits:Enabled=false", "--Chat:MaxSessionsPerHost=100000", "--Chat:RateLimitCount=100000",
        "--Chat:RateLimitWindow=00:00:00.010",
        "--Flack:CloseLimit=00:00:10", "--Chat:SendTimeout=00:01:00",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat-stop-").FullName;

    private string Database => Path.Combine(_folder, "chat.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// One half-sent request made every stop take 30 s and end with SIGABRT, by a TaskCanceledException of the chat room, without a
    /// snapshot.
    /// </summary>
    [Theory]
    [InlineData("nothing at all")]
    [InlineData("half a head")]
    [InlineData("half a body")]
    [InlineData("a reader that takes nothing")]
    [InlineData("a WebSocket that does not close")]
    [InlineData("a peer")]
    public async Task Whatever_clients_do_the_stop_is_quick_and_clean(string trouble)
    {
        int peerPort = FreePort();
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(Database, [.. s_options, $"--Peer:Port={peerPort}"]);
        await using (server)
        {
            using RawClient alice = await RawClient.ConnectAsync(address.Port);
            long cursor = await alice.LoginAsync("alice");
            using RawClient bad = await RawClient.ConnectAsync(trouble == "a peer" ? peerPort : address.Port);
            await MakeAsync(trouble, bad);
            await alice.PollAsync(cursor + (trouble == "a reader that takes nothing" ? 1 : 0));
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);

            long began = TimeProvider.System.GetTimestamp();
            int code = await server.StopAsync();
            TimeSpan took = TimeProvider.System.GetElapsedTime(began);
            RawReply? answer = await alice.ReadAsync();
            Assert.NotNull(answer);
            Assert.True(answer.Closes && answer.Body.Contains("\"stopping\":true", StringComparison.Ordinal), answer.Head + answer.Body);
            AssertQuiet(server, code);
            Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
            AssertSnapshot();
        }
    }

    /// <summary>
    /// A stop right after a message to 2 000 cut off most of their next polls: whoever had just been given the message asked again on a
    /// connection that was being closed. Some of them ask for something else in between, which hands their connections over to the ordinary
    /// pipeline.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_poll_is_cut_by_a_stop_right_behind_a_message_to_all(bool lane) => await Seeds.RunAsync(async seed =>
    {
        const int people = 500;
        const int tabs = 4;
        var random = new Random(seed);
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(Database, [.. s_options, $"--Chat:FastLane={lane}"]);
        await using (server)
        {
            using RawClient speaker = await RawClient.ConnectAsync(address.Port);
            await speaker.LoginAsync("speaker");
            var readers = new List<RawClient>();
            for (int i = 0; i < people; i++)
            {
                readers.Add(await RawClient.ConnectAsync(address.Port));
                await readers[^1].LoginAsync($"user{i}");
            }

            long cursor = (await HeadAsync(speaker)) + 1;
            Task<string?>[] reading = [.. await PollWithTabsAsync(readers, tabs, address.Port, cursor)];
            await WaitParkedAsync(address, reading.Length);
            int delay = random.Next(30);
            await speaker.SayAsync("to all");
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System);
            long began = TimeProvider.System.GetTimestamp();
            int code = await server.StopAsync();
            TimeSpan took = TimeProvider.System.GetElapsedTime(began);
            string?[] faults = await Task.WhenAll(reading).WithinAsync(TimeSpan.FromSeconds(30));
            Console.WriteLine(
                $"{Seeds.Variable}={seed}: SIGTERM {delay} ms behind a message to {reading.Length} polls, "
                + $"stopped in {took.TotalSeconds:F2} s.");
            Assert.Empty(faults.OfType<string>().Distinct());
            AssertQuiet(server, code);
            AssertSnapshot();
            foreach (RawClient one in readers)
                one.Dispose();
        }
    });

    /// <summary>The start was not made for being stopped: a SIGTERM in it ended the process with SIGABRT.</summary>
    [Fact]
    public async Task A_stop_while_it_starts_is_clean_too() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        for (int i = 0; i < 6; i++)
        {
            int delay = random.Next(100, 1500);
            await using ServerProcess server = ServerProcess.Launch(Database, s_options);
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System);
            int code = await server.StopAsync();

            // 143 is the runtime's own answer before the server is there to give one.
            Assert.True(code is 0 or 143, $"{delay} ms: exit code {code}, {string.Join(' ', server.Errors)}");
            Assert.Empty(server.Errors);
        }
    });

    private static async Task MakeAsync(string trouble, RawClient bad)
    {
        switch (trouble)
        {
            case "half a head":
                await bad.SendAsync(HalfAHead);
                break;
            case "half a body":
                await bad.SendAsync(
                    "POST /login/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 100\r\n\r\nnick=b");
                break;
            case "a reader that takes nothing":
                await bad.LoginAsync("slow");
                for (int i = 0; i < 400; i++)
                    await bad.GetAsync("/chat/");
                break;
            case "a WebSocket that does not close":
                await bad.SendAsync(
                    "GET /chat-server HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
                Assert.StartsWith("HTTP/1.1 101", (await bad.ReadAsync())!.Head, StringComparison.Ordinal);
                break;
            case "a peer":
                await bad.SendAsync("hello");
                break;
        }
    }

    /// <summary>
    /// Everybody's first tab, and others on connections of their own, all parked; each goes on polling until it is told that its connection
    /// closes. What went wrong, or null.
    /// </summary>
    private static async Task<List<Task<string?>>> PollWithTabsAsync(List<RawClient> readers, int tabs, int port, long cursor)
    {
        var all = new List<Task<string?>>();
        for (int i = 0; i < readers.Count; i++)
        {
            all.Add(ReadOnAsync(readers[i], readers[i].Cookie, cursor, asksElse: i % 4 == 0));
            for (int tab = 1; tab < tabs; tab++)
                all.Add(ReadOnAsync(await RawClient.ConnectAsync(port), readers[i].Cookie, cursor, asksElse: false));
        }

        return all;
    }

    private static async Task<string?> ReadOnAsync(RawClient client, string cookie, long cursor, bool asksElse)
    {
        using (client)
        {
            await Task.Yield();
            client.Cookie = cookie;
            while (true)
            {
                await client.PollAsync(cursor);
                if (await client.ReadAsync() is not { } answer)
                    return "a poll was cut";
                if (answer.Closes)
                    return null;
                using var json = JsonDocument.Parse(answer.Body);
                if (json.RootElement.GetProperty("response") is { ValueKind: JsonValueKind.Array } items)
                    cursor = items[items.GetArrayLength() - 1].GetProperty("id").GetInt64() + 1;
                if (!asksElse)
                    continue;
                await client.GetAsync("/chat/me/");
                if (await client.ReadAsync() is not { } other)
                    return "another request was cut";
                if (other.Closes)
                    return null;
            }
        }
    }

    private static async Task<long> HeadAsync(RawClient client)
    {
        await client.GetAsync("/chat/start/?joins=all");
        string body = (await client.ReadAsync())!.Body;
        return long.Parse(body.Split("\"response\":")[1].Split(',', '}')[0], CultureInfo.InvariantCulture) - 1;
    }

    /// <summary>
    /// A server in another process does not say how many are parked; that none of them is answered for a while is as good.
    /// </summary>
    private static async Task WaitParkedAsync(Uri address, int count)
    {
        Assert.True(count > 0);
        using var http = new HttpClient();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.True((await http.GetAsync(new Uri(address, "healthz"))).IsSuccessStatusCode);
    }

    private void AssertSnapshot()
    {
        Assert.False(File.Exists(Database + "-wal"), "The write-ahead log was left.");
        using SqliteConnection connection = FileConnection.Open(Database, SqliteOpenMode.ReadOnly);
        Assert.Equal(
            connection.Scalar<long>("SELECT max(sequence) FROM entry"), connection.Scalar<long>("SELECT max(sequence) FROM snapshot"));
    }

    private static void AssertQuiet(ServerProcess server, int code)
    {
        Assert.True(code == 0, $"Exit code {code}: {string.Join('\n', server.Errors.Concat(server.Output).TakeLast(40))}");
        Assert.Empty(server.Errors);
        Assert.DoesNotContain(server.Output, line => line.StartsWith("fail:", StringComparison.Ordinal)
            || line.StartsWith("crit:", StringComparison.Ordinal)
            || line.Contains("Exception", StringComparison.Ordinal) || line.StartsWith("   at ", StringComparison.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

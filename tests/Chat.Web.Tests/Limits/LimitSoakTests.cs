using System.Net.Sockets;
using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.Limits;

/// <summary>
/// Load from one address, first on a server without limits and then on one with the defaults. Each runs for a few seconds.
/// </summary>
[Trait("Category", "Soak")]
public class LimitSoakTests
{
    private const int Connections = 8;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(5);
    private static readonly string[] s_off = ["Limits:Enabled=false", "Peer:LogLinesPerMinute=1000000", "Peer:ReadsPerSecond=1000000"];

    [Fact]
    public Task Repeated_login_ten_messages_and_leave() => CompareAsync(
        "messages",
        async (client, i) =>
        {
            client.Token = null;
            await client.LoginAsync($"u{i}");
            int said = 0;
            for (int k = 0; k < 10; k++)
                said += (await client.SendAsync(new string('x', 500))).IsOk ? 1 : 0;
            await client.LeaveAsync();
            return said;
        },
        most: 150 + 30 * 6);

    [Fact]
    public Task Repeated_login_and_leave() => CompareAsync(
        "logins",
        async (client, i) =>
        {
            client.Token = null;
            await client.LoginAsync($"u{i}");
            await client.LeaveAsync();
            return client.Token is null ? 0 : 1;
        },
        most: 40 + 3);

    [Fact]
    public async Task Repeated_start()
    {
        string token = "";
        await CompareAsync(
            "starts",
            async (client, _) =>
            {
                client.Token = token;
                return (await client.StartAsync()).IsOk ? 1 : 0;
            },
            most: 120 + 20 * 6,
            begin: async server => token = (await server.LoginAsync("alice")).Token!);
    }

    [Fact]
    public async Task Endless_pings_before_authenticating()
    {
        foreach (bool limited in (bool[])[false, true])
        {
            await using ChatServerHost server = await ChatServerHost.StartAsync(limited ? [] : s_off);
            await using FlackWire wire = await FlackWire.OpenAsync(server);
            byte[] many = [.. Enumerable.Repeat(FlackWire.FrameOf(FlackWire.Ping, []), 500).SelectMany(frame => frame)];
            long started = TimeProvider.System.GetTimestamp();
            long sent = 0;
            Task reading = DrainAsync(wire);
            try
            {
                while (TimeProvider.System.GetElapsedTime(started) < s_time && !reading.IsCompleted)
                {
                    await wire.RawAsync(many);
                    sent += 500;
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // The server closed the connection.
            }

            Console.WriteLine(
                $"{(limited ? "with" : "without")} limits: {sent} pings in "
                + $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s");
            if (limited)
                await Eventually.BeTrueAsync(() => FlackServer.Connections(server) == 0);
        }

        static async Task DrainAsync(FlackWire wire)
        {
            try
            {
                while (await wire.ReadFrameAsync() is { Opcode: not FlackWire.Close })
                {
                }
            }
            catch (Exception e) when (e is SocketException or IOException or TimeoutException or EndOfStreamException)
            {
                // The server closed the connection.
            }
        }
    }

    [Fact]
    public async Task One_byte_per_write_to_the_peer_port()
    {
        foreach (bool limited in (bool[])[false, true])
        {
            await using PeerHost host = await PeerHost.StartAsync(limited ? [] : s_off);
            long started = TimeProvider.System.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                using Socket peer = await host.ConnectAsync();
                byte[] one = new byte[1];
                byte[] echo = new byte[4096];
                Task reading = Task.Run(async () =>
                {
                    while (await peer.ReceiveAsync(echo) > 0)
                    {
                    }
                });
                while (TimeProvider.System.GetElapsedTime(started) < s_time)
                    await peer.SendAsync(one);
                peer.Shutdown(SocketShutdown.Send);
                await reading.WithinAsync(TimeSpan.FromSeconds(30));
            }));
            long lines = host.Server.Logs.Lines.Count;
            long bytes = host.Server.Logs.Lines.Sum(line => (long)line.Text.Length + 60);
            Console.WriteLine(
                $"peer port, {(limited ? "with" : "without")} limits: {lines / s_time.TotalSeconds:F0} lines/s, "
                + $"{bytes / s_time.TotalSeconds / 1024:F1} KiB/s of log");
            if (limited)
                Assert.InRange(lines, 1, 600 + 200);
        }
    }

    /// <summary>
    /// Eight connections of one address repeat the same call for some seconds. Prints how many calls succeeded and how much was written to
    /// the log, without and with limits.
    /// </summary>
    private static async Task CompareAsync(
        string what, Func<CometClient, int, Task<int>> once, int most, Func<ChatServerHost, Task>? begin = null)
    {
        foreach (bool limited in (bool[])[false, true])
        {
            await using ChatServerHost server = await ChatServerHost.StartAsync(limited ? [] : s_off);
            if (begin is not null)
                await begin(server);
            long head = server.Office.Head;
            long started = TimeProvider.System.GetTimestamp();
            int next = 0;
            int done = 0;
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
            {
                using HttpClient http = server.NewHttp();
                var client = new CometClient(http, "");
                while (TimeProvider.System.GetElapsedTime(started) < s_time)
                    Interlocked.Add(ref done, await once(client, Interlocked.Increment(ref next)));
            })).WithinAsync(TimeSpan.FromSeconds(60));
            double seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(
                $"{(limited ? "with" : "without")} limits: {done} {what} in {seconds:F1} s ({done / seconds:F0}/s), "
                + $"{(server.Office.Head - head) / seconds:F0} entries/s, {next / seconds:F0} tries/s");
            if (limited)
                Assert.InRange(done, 1, most + (seconds > 6 ? (int)(30 * (seconds - 6)) : 0));
        }
    }
}

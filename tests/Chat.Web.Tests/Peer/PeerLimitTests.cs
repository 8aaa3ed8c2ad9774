using System.Net.Sockets;
using ErlChat.Web.Starting;
using Microsoft.AspNetCore.Builder;

namespace ErlChat.Web.Tests.Peer;

public class PeerLimitTests
{
    [Fact]
    public async Task A_peer_over_the_limit_is_closed_and_a_new_one_is_accepted_when_one_has_left()
    {
        await using PeerHost host = await PeerHost.StartAsync("Peer:MaxConnections=1");
        using (Socket first = await host.ConnectAsync())
        {
            await first.SendAsync(new byte[1]).WithinAsync();
            await PeerHost.ReadAsync(first, 1);
            using Socket second = await host.ConnectAsync();
            Assert.Empty(await PeerHost.ReadToEndAsync(second));
            await Eventually.BeTrueAsync(() => host.Server.Logs.Of("PeerTurnedAway").Count == 1);
        }

        await Eventually.BeTrueAsync(() => host.Server.Logs.Of("PeerDisconnected").Count == 1);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        using Socket third = await host.ConnectAsync();
        await third.SendAsync(new byte[1]).WithinAsync();
        await PeerHost.ReadAsync(third, 1);
    }

    [Fact]
    public async Task A_silent_peer_is_disconnected()
    {
        await using PeerHost host = await PeerHost.StartAsync("Peer:IdleTimeout=00:00:00.200");
        using Socket peer = await host.ConnectAsync();
        Assert.Empty(await PeerHost.ReadToEndAsync(peer));
        await Eventually.BeTrueAsync(() => host.Server.Logs.Of("PeerIdle").Count == 1);
    }

    [Fact]
    public async Task A_peer_that_never_reads_its_echo_is_disconnected()
    {
        await using PeerHost host = await PeerHost.StartAsync("Peer:IdleTimeout=00:00:00.300", "Peer:BytesPerSecond=1073741824");
        using Socket peer = await host.ConnectAsync();
        byte[] chunk = new byte[64 * 1024];
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
                await peer.SendAsync(chunk);
        }).WithinAsync();
        await Eventually.BeTrueAsync(() => host.Server.Logs.Of("PeerDisconnected").Count == 1);
    }

    [Fact]
    public async Task A_fast_peer_is_slowed_down()
    {
        await using PeerHost host = await PeerHost.StartAsync("Peer:BytesPerSecond=65536");
        using Socket peer = await host.ConnectAsync();
        byte[] sent = PeerHost.Bytes(3 * 65536, seed: 4);
        long started = TimeProvider.System.GetTimestamp();
        Task<byte[]> reading = PeerHost.ReadAsync(peer, sent.Length);
        await peer.SendAsync(sent).WithinAsync();
        byte[] echo = await reading;
        Assert.True(sent.AsSpan().SequenceEqual(echo));

        // The bytes of the first second pass at once, those of the second a second later. The last are echoed before the server waits for
        // them.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.9, 15);
    }

    [Fact]
    public async Task Stopping_closes_peers_gracefully_and_quickly()
    {
        await using PeerHost host = await PeerHost.StartAsync();
        Socket[] peers = [await host.ConnectAsync(), await host.ConnectAsync(), await host.ConnectAsync()];
        foreach (Socket peer in peers)
        {
            await peer.SendAsync(new byte[1]).WithinAsync();
            await PeerHost.ReadAsync(peer, 1);
        }

        long started = TimeProvider.System.GetTimestamp();
        await host.Server.StopAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 3);
        foreach (Socket peer in peers)
        {
            Assert.Empty(await PeerHost.ReadToEndAsync(peer));
            peer.Dispose();
        }
    }

    [Fact]
    public async Task A_configured_port_that_is_taken_ends_the_start_with_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string endPoint = taken.LocalEndpoint.ToString()!;
        var e = await Assert.ThrowsAsync<StartException>(() => ChatServerHost.StartAsync($"Peer:Port={endPoint.Split(':')[1]}"));
        Assert.StartsWith($"The peer port {endPoint} cannot be listened on:", e.Message, StringComparison.Ordinal);
        Assert.True(StartFailure.TryExplain(e, out IReadOnlyList<string> lines));
        Assert.Single(lines);
    }

    [Fact]
    public async Task A_default_port_that_is_taken_causes_a_warning()
    {
        // A server of another test project, which runs beside this one, may have the port and give it back before this server starts.
        // Then nothing was taken, and the test begins again.
        for (int attempt = 0; attempt < 20; attempt++)
        {
            using TcpListener? taken = TryTake(5555);
            (WebApplication app, CollectingLogs logs) = await PeerHost.StartPlainAsync();
            await using (app)
                await app.StopAsync().WithinAsync();
            if (taken is null && !logs.Of("PeerPortTaken").Any())
                continue;
            Assert.Single(logs.Of("PeerPortTaken"));
            logs.Verify();
            return;
        }

        Assert.Fail("Port 5555 was given back 20 times before the server asked for it.");
    }

    private static TcpListener? TryTake(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }

    [Fact]
    public async Task Invalid_peer_options_are_reported_at_the_start()
    {
        var e = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => ChatServerHost.StartAsync(
                "Peer:Port=70000",
                "Peer:Address=nowhere",
                "Peer:MaxConnections=0",
                "Peer:IdleTimeout=00:00:00",
                "Peer:BytesPerSecond=1",
                "Peer:MaxBuffered=1"));
        Assert.Equal(6, e.Failures.Count());
    }

    [Fact]
    public async Task PORT_is_used_unless_the_option_is_given()
    {
        int port = LoopbackPort.Free();
        (WebApplication app, CollectingLogs logs) = await PeerHost.StartPlainAsync($"PORT={port}");
        await using (app)
            await app.StopAsync().WithinAsync();
        Assert.Equal($"Listening for peers on 127.0.0.1:{port}", Assert.Single(logs.Of("PeerListening")).Text);
        (app, logs) = await PeerHost.StartPlainAsync($"PORT={port}", "Peer:Port=0");
        await using (app)
            await app.StopAsync().WithinAsync();
        Assert.Empty(logs.Of("PeerListening"));
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => PeerHost.StartPlainAsync("PORT=http"));
    }
}

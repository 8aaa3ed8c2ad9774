using System.Net.Sockets;
using ErlChat.Web.Tests.Flack;

namespace ErlChat.Web.Tests.Listening;

/// <summary>Limits of what is not plain HTTP: WebSocket frames, logins over flack, the peer port.</summary>
public class SocketLimitTests
{
    /// <summary>The default number, but without a refill during the test: a close takes time, and the clock runs meanwhile.</summary>
    private static readonly string[] s_few = ["Limits:ControlFrames:Window=01:00:00"];

    // Previously, endless pings from a client that had sent nothing else took 0.93 of a core.
    [Fact]
    public async Task Endless_pings_close_the_connection_with_1008()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_few);
        await using FlackWire wire = await FlackWire.OpenAsync(server);
        for (int i = 0; i < 60; i++)
        {
            await wire.FrameAsync(FlackWire.Ping, []);
            Assert.Equal(FlackWire.Pong, (await wire.ReadFrameAsync())!.Value.Opcode);
        }

        await wire.FrameAsync(FlackWire.Ping, []);
        Assert.Equal(1008, await wire.CloseAsync());
    }

    [Theory]
    [InlineData(FlackWire.Pong, true)]
    [InlineData(0, false)]
    public async Task Endless_pongs_and_empty_fragments_close_the_connection_with_1008(int opcode, bool final)
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(s_few);
        await using FlackWire wire = await FlackWire.OpenAsync(server);
        if (!final)
            await wire.FrameAsync(FlackWire.Text, [(byte)'{'], final: false);
        for (int i = 0; i < 61; i++)
            await wire.FrameAsync(opcode, [], final);
        Assert.Equal(1008, await wire.CloseAsync());
    }

    // A bot that pings now and then, or after each message, never reaches the limit.
    [Fact]
    public async Task Ten_pings_per_second_are_always_answered()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        await using FlackWire wire = await FlackWire.LogInAsync(server, "ann");
        for (int i = 0; i < 300; i++)
        {
            await wire.FrameAsync(FlackWire.Ping, []);
            Assert.Equal(FlackWire.Pong, (await wire.ReadFrameAsync())!.Value.Opcode);
            server.Clock.Advance(TimeSpan.FromSeconds(0.1));
        }
    }

    // Previously there was no deadline: a connection that sent nothing but pings stayed open.
    [Fact]
    public async Task A_connection_without_authentication_is_closed_after_10_s_whatever_else_it_sends()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync();
        await using FlackWire mute = await FlackWire.OpenAsync(server);
        await using FlackWire greeted = await FlackWire.GreetAsync(server);
        await using FlackWire ann = await FlackWire.LogInAsync(server, "ann");
        server.Clock.Advance(TimeSpan.FromSeconds(6));
        await greeted.FrameAsync(FlackWire.Ping, []);
        Assert.Equal(FlackWire.Pong, (await greeted.ReadFrameAsync())!.Value.Opcode);
        server.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1008, await mute.CloseAsync());
        Assert.Equal(1008, await greeted.CloseAsync());
        await ann.SeeNothingAsync();
    }

    [Fact]
    public async Task A_login_over_the_limit_over_flack_is_closed_with_1008()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Limits:Logins:Address:Count=2");
        await using FlackWire ann = await FlackWire.LogInAsync(server, "ann");
        await using FlackWire ben = await FlackWire.LogInAsync(server, "ben");
        await using FlackWire eve = await FlackWire.GreetAsync(server);
        await eve.SendAsync(new { record = "authenticate", user_name = "eve" });
        Assert.Equal(1008, await eve.CloseAsync());
        Assert.Equal(2, server.Room.SessionCount);
    }

    [Fact]
    public async Task An_upgrade_over_the_limit_is_refused_with_429()
    {
        await using ChatServerHost server = await ChatServerHost.StartStillAsync("Limits:Reads:Address:Count=1");
        await using FlackWire ann = await FlackWire.OpenAsync(server);
        Assert.StartsWith("HTTP/1.1 429 ", await FlackWire.AskAsync(server), StringComparison.Ordinal);
    }

    // Previously, each single-byte write wrote a line to the server's log, 5.1 MB per second.
    [Fact]
    public async Task A_peer_cannot_fill_the_servers_log()
    {
        await using PeerHost host = await PeerHost.StartAsync("Peer:LogLinesPerMinute=10");
        using Socket peer = await host.ConnectAsync();
        for (int i = 0; i < 50; i++)
        {
            await peer.SendAsync(new byte[1]).WithinAsync();
            await PeerHost.ReadAsync(peer, 1);
        }

        Assert.InRange(host.Server.Logs.Of("PeerReceived").Count, 5, 11);

        // The next line says how many lines were left out.
        await Eventually.BeTrueAsync(() =>
        {
            using Socket more = host.ConnectAsync().GetAwaiter().GetResult();
            return host.Server.Logs.Of("PeerLinesLeftOut").Count > 0;
        }, TimeSpan.FromSeconds(20));
        Assert.Matches("^[0-9]+ lines about peers were left out$", host.Server.Logs.Of("PeerLinesLeftOut")[0].Text);
    }

    [Fact]
    public async Task A_peer_that_writes_byte_by_byte_is_read_more_slowly()
    {
        await using PeerHost host = await PeerHost.StartAsync("Peer:ReadsPerSecond=20");
        using Socket peer = await host.ConnectAsync();
        long started = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 40; i++)
        {
            await peer.SendAsync(new byte[1]).WithinAsync();
            await PeerHost.ReadAsync(peer, 1);
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.8, 10);
    }

    [Fact]
    public async Task Peers_count_towards_the_connections_of_their_address()
    {
        await using PeerHost host = await PeerHost.StartAsync("Limits:Connections:Address=2");
        using Socket first = await host.ConnectAsync();
        await first.SendAsync(new byte[1]).WithinAsync();
        await PeerHost.ReadAsync(first, 1);
        using Socket second = await host.ConnectAsync();
        await second.SendAsync(new byte[1]).WithinAsync();
        await PeerHost.ReadAsync(second, 1);
        using Socket third = await host.ConnectAsync();
        Assert.Empty(await PeerHost.ReadToEndAsync(third));
    }
}

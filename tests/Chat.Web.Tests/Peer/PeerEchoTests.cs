using System.Net.Sockets;

namespace ErlChat.Web.Tests.Peer;

public class PeerEchoTests
{
    [Fact]
    public async Task A_text_is_echoed_and_the_log_has_its_size_but_not_its_content()
    {
        await using PeerHost host = await PeerHost.StartAsync();
        using Socket peer = await host.ConnectAsync();
        string name = peer.LocalEndPoint!.ToString()!;
        await peer.SendAsync("secret words\r\n"u8.ToArray()).WithinAsync();
        Assert.Equal("secret words\r\n"u8.ToArray(), await PeerHost.ReadAsync(peer, 14));
        peer.Shutdown(SocketShutdown.Send);
        Assert.Empty(await PeerHost.ReadToEndAsync(peer));
        await Eventually.BeTrueAsync(() => host.Server.Logs.Of("PeerDisconnected").Count == 1);
        Assert.Equal(
            [$"Peer {name} connecting", $"Received new message from peer {name}: 14 bytes. Echoing it back", $"Peer {name} disconnected"],
            host.Server.Logs.Lines.Where(line => line.Text.Contains(name, StringComparison.Ordinal)).Select(line => line.Text));
        Assert.DoesNotContain(host.Server.Logs.Lines, line => line.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_byte_value_is_echoed_unchanged()
    {
        await using PeerHost host = await PeerHost.StartAsync();
        using Socket peer = await host.ConnectAsync();
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        await peer.SendAsync(all).WithinAsync();
        Assert.Equal(all, await PeerHost.ReadAsync(peer, 256));
    }

    [Fact]
    public async Task A_peer_that_closes_its_sending_side_gets_everything_it_sent_and_then_the_end()
    {
        await using PeerHost host = await PeerHost.StartAsync();
        using Socket peer = await host.ConnectAsync();
        byte[] sent = PeerHost.Bytes(30_000, seed: 1);
        await peer.SendAsync(sent).WithinAsync();
        peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(sent, await PeerHost.ReadToEndAsync(peer));
    }

    [Fact]
    public async Task A_megabyte_is_echoed_completely()
    {
        await using PeerHost host = await PeerHost.StartAsync();
        using Socket peer = await host.ConnectAsync();
        byte[] sent = PeerHost.Bytes(1024 * 1024, seed: 2);
        Task<byte[]> reading = PeerHost.ReadToEndAsync(peer);
        await peer.SendAsync(sent).WithinAsync();
        peer.Shutdown(SocketShutdown.Send);
        byte[] echo = await reading;
        Assert.True(sent.AsSpan().SequenceEqual(echo));
    }

    [Fact]
    public async Task Each_of_a_thousand_peers_gets_its_own_data_back()
    {
        await using PeerHost host = await PeerHost.StartAsync("Limits:Connections:Address=0", "Peer:LogLinesPerMinute=100000");
        var peers = new List<Socket>();
        try
        {
            for (int i = 0; i < 1000; i++)
                peers.Add(await host.ConnectAsync());
            await Task.WhenAll(peers.Select((peer, i) => peer.SendAsync(PeerHost.Bytes(100, i)))).WithinAsync();
            for (int i = 0; i < peers.Count; i++)
                Assert.Equal(PeerHost.Bytes(100, i), await PeerHost.ReadAsync(peers[i], 100));
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }

        await Eventually.BeTrueAsync(() => host.Server.Logs.Of("PeerDisconnected").Count == 1000);
    }

    [Fact]
    public async Task The_server_stops_reading_from_a_peer_that_does_not_read_and_nothing_is_lost()
    {
        await using PeerHost host = await PeerHost.StartAsync("Peer:BytesPerSecond=1073741824");
        using Socket peer = await host.ConnectAsync();
        peer.SendBufferSize = peer.ReceiveBufferSize = 16 * 1024;
        byte[] chunk = PeerHost.Bytes(64 * 1024, seed: 3);

        // 16 MB: more than all the buffers on the way hold. With windows as small as these each chunk may cost a delayed acknowledgement,
        // so the test sends no more than that.
        const int chunks = 256;
        int sent = 0;
        Task sending = SendAsync();
        int before = -1;
        while (before != sent)
        {
            before = sent;
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }

        Assert.InRange(sent, 1, chunks - 1);
        Assert.False(sending.IsCompleted);
        for (int i = 0; i < chunks; i++)
        {
            byte[] echo = await PeerHost.ReadAsync(peer, chunk.Length);
            Assert.True(chunk.AsSpan().SequenceEqual(echo));
        }

        await sending.WithinAsync();

        async Task SendAsync()
        {
            for (; sent < chunks; sent++)
                await peer.SendAsync(chunk);
        }
    }
}

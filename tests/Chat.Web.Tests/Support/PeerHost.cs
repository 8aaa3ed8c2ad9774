using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ErlChat.Web.Tests;

/// <summary>A server with a peer port, and its peers.</summary>
internal sealed class PeerHost : IAsyncDisposable
{
    private PeerHost(ChatServerHost server, int port) => (Server, Port) = (server, port);

    internal ChatServerHost Server { get; }

    internal int Port { get; }

    internal static async Task<PeerHost> StartAsync(params string[] options)
    {
        int port = LoopbackPort.Free();
        return new PeerHost(await ChatServerHost.StartAsync([$"Peer:Port={port}", .. options]), port);
    }

    /// <summary>A started server with only the options given here, none of its own for the peer port, and its log.</summary>
    internal static async Task<(WebApplication App, CollectingLogs Logs)> StartPlainAsync(params string[] options)
    {
        var logs = new CollectingLogs();
        string[] args = ["--urls", "http://127.0.0.1:0", "--Log:Kind=Memory", .. options.Select(option => "--" + option)];
        WebApplication app = ChatServer.Build(args, builder => builder.Logging.ClearProviders().AddProvider(logs));
        await app.StartAsync().WithinAsync();
        return (app, logs);
    }

    internal async Task<Socket> ConnectAsync()
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await peer.ConnectAsync(IPAddress.Loopback, Port).WithinAsync();
        return peer;
    }

    /// <summary>Reads exactly this many bytes.</summary>
    internal static async Task<byte[]> ReadAsync(Socket peer, int count)
    {
        byte[] bytes = new byte[count];
        int read = 0;
        while (read < count)
        {
            int some = await peer.ReceiveAsync(bytes.AsMemory(read)).WithinAsync(TimeSpan.FromSeconds(20));
            if (some == 0)
                throw new EndOfStreamException($"The end after {read} of {count} bytes.");
            read += some;
        }

        return bytes;
    }

    /// <summary>Reads everything up to the end of the stream.</summary>
    internal static async Task<byte[]> ReadToEndAsync(Socket peer)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (await peer.ReceiveAsync(buffer).WithinAsync(TimeSpan.FromSeconds(20)) is > 0 and var count)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    internal static byte[] Bytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

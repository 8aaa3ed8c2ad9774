using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ErlChat.Tests;

/// <summary>
/// A TCP proxy on loopback in front of the database, which loses connections: it cuts them, or swallows what the database says first, so
/// that an answer is lost after the statement was carried out.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _clients = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _swallows;
    private int _swallowed;

    internal CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many pieces of what the database said were swallowed.</summary>
    internal int Swallowed => Volatile.Read(ref _swallowed);

    /// <summary>Cuts all connections.</summary>
    internal void Cut()
    {
        foreach (Socket client in _clients.Keys)
            client.Close();
        _swallows = false;
    }

    /// <summary>From now on nothing that the database says arrives, until <see cref="Cut"/>.</summary>
    internal void Swallow() => _swallows = true;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptSocketAsync());
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _clients[client] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(CopyAsync(client, server, isAnswer: false), CopyAsync(server, client, isAnswer: true));
        }
        catch (SocketException)
        {
            // The database does not listen.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            client.Close();
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isAnswer)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int count)
            {
                if (isAnswer && _swallows)
                    Interlocked.Increment(ref _swallowed);
                else
                    await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}

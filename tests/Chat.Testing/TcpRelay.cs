using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ErlChat.Testing;

/// <summary>A TCP relay in front of a server, both on loopback. Its kinds decide what is lost on the way.</summary>
/// <remarks>Thread-safe.</remarks>
public abstract class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _clients = new();
    private readonly int _target;
    private readonly Task _accepting;

    /// <param name="target">The server's port.</param>
    protected TcpRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _listener.Stop();
        CloseAll();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Cuts all connections.</summary>
    protected void CloseAll()
    {
        foreach (Socket client in _clients.Keys)
            client.Close();
    }

    /// <summary>Whether a new client is connected to the server. Otherwise it is cut; until this completes, it waits.</summary>
    protected virtual Task<bool> AdmitAsync() => Task.FromResult(true);

    /// <summary>Whether a piece goes on to the other side.</summary>
    /// <param name="isAnswer">Whether the server said it.</param>
    protected virtual bool Passes(bool isAnswer) => true;

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
            if (!await AdmitAsync())
                return;
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(CopyAsync(client, server, isAnswer: false), CopyAsync(server, client, isAnswer: true));
        }
        catch (SocketException)
        {
            // The server does not listen.
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
                if (Passes(isAnswer))
                    await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or the other side has closed.
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ErlChat.Testing.Patroni;

/// <summary>One member's way to etcd, which can be cut: then connections break, and new ones get no answer.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EtcdRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _clients = new();
    private readonly int _etcd;
    private readonly Task _accepting;
    private volatile TaskCompletionSource? _cut;

    internal EtcdRelay(int etcd)
    {
        _etcd = etcd;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal void Cut()
    {
        _cut ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (Socket client in _clients.Keys)
            client.Close();
    }

    internal void Heal()
    {
        TaskCompletionSource? cut = _cut;
        _cut = null;
        cut?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Heal();
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
        using var etcd = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _clients[client] = true;
        try
        {
            if (_cut is { } cut)
            {
                await cut.Task;
                return;
            }

            await etcd.ConnectAsync(IPAddress.Loopback, _etcd);
            await Task.WhenAny(CopyAsync(client, etcd), CopyAsync(etcd, client));
        }
        catch (SocketException)
        {
            // etcd does not listen.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            client.Close();
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int count)
                await to.SendAsync(buffer.AsMemory(0, count));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or the other side has closed.
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ErlChat.Client.Tests;

/// <summary>
/// One of several addresses of the same server, standing for a node of a chat. It can be killed at any moment, even in the middle of an
/// answer, frozen, and brought back.
/// </summary>
internal sealed class Front : IAsyncDisposable
{
    private readonly int _server;
    private readonly int _port = LoopbackPort.Free();
    private readonly ConcurrentDictionary<Task, bool> _relays = [];
    private TaskCompletionSource _thawed = new();
    private CancellationTokenSource _life = new();
    private TcpListener _listener;
    private Task _accepting;
    private bool _isDead;

    internal Front(RunningServer server)
    {
        _server = server.Port;
        _thawed.SetResult();
        (_listener, _accepting) = Listen();
    }

    internal Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>Closes the port and all connections, as a process that is killed does. Does nothing if that has been done.</summary>
    internal async Task KillAsync()
    {
        if (_isDead)
            return;
        _isDead = true;
        await _life.CancelAsync();
        _listener.Stop();
        await _accepting;
        _thawed.TrySetResult();
        await Task.WhenAll(_relays.Keys).WithinAsync();
        _life.Dispose();
    }

    internal void Start()
    {
        _isDead = false;
        _life = new CancellationTokenSource();
        (_listener, _accepting) = Listen();
    }

    /// <summary>Keeps all connections, and accepts new ones, but passes nothing on.</summary>
    internal void Freeze() => _thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Thaw() => _thawed.TrySetResult();

    public ValueTask DisposeAsync() => new(KillAsync());

    private (TcpListener Listener, Task Accepting) Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, _port);
        listener.Start();
        return (listener, AcceptAsync(listener, _life.Token));
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken dying)
    {
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(dying);
                Task relaying = ServeAsync(client, dying);
                _relays[relaying] = true;
                _ = relaying.ContinueWith(done => _relays.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // It was killed: while it waited, or (InvalidOperationException) between two connections.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken dying)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _server, dying);
                using var over = CancellationTokenSource.CreateLinkedTokenSource(dying);
                Task up = RelayAsync(client.GetStream(), server.GetStream(), over.Token);
                Task down = RelayAsync(server.GetStream(), client.GetStream(), over.Token);
                await Task.WhenAny(up, down);
                await over.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One side is gone, so the other one is closed too.
            }
        }
    }

    private async Task RelayAsync(NetworkStream from, NetworkStream to, CancellationToken over)
    {
        byte[] buffer = new byte[4096];
        int count;
        while ((count = await from.ReadAsync(buffer, over)) > 0)
        {
            await _thawed.Task.WaitAsync(over);
            await to.WriteAsync(buffer.AsMemory(0, count), over);
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ErlChat.Client.Tests;

/// <summary>
/// A proxy between clients and a server that randomly does what networks do, from a seed: it drops, delays, repeats and cuts off requests
/// and answers.
/// </summary>
/// <remarks>
/// Thread-safe. The seed does not determine the order in which requests arrive, so a seed reproduces the mix of faults but not the exact
/// run.
/// </remarks>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly Uri _server;
    private readonly Random _random;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = [];
    private readonly ConcurrentDictionary<Fault, int> _done = [];
    private readonly Task _accepting;

    internal FaultProxy(Uri server, int seed)
    {
        _server = server;
        _random = new Random(seed);
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    internal Uri Address { get; }

    /// <summary>How many of 100 exchanges fail.</summary>
    internal int Percent { get; set; }

    /// <summary>Accepts requests and never answers.</summary>
    internal bool IsSilent { get; init; }

    /// <summary>The number of open client connections.</summary>
    internal int Connections => _connections.Count;

    /// <summary>How many exchanges each fault was applied to.</summary>
    internal IReadOnlyDictionary<Fault, int> Done => _done;

    public async ValueTask DisposeAsync()
    {
        // The order matters: accepting on a stopped listener would throw a different error.
        await _closing.CancelAsync();
        await _accepting.WithinAsync();
        _listener.Stop();
        await Task.WhenAll(_connections.Keys).WithinAsync();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_closing.Token);
                Task serving = ServeAsync(client);
                _connections[serving] = true;
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is closing.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                NetworkStream down = client.GetStream();
                if (IsSilent)
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _closing.Token);
                await server.ConnectAsync(_server.Host, _server.Port, _closing.Token);
                while (await HttpMessage.ReadAsync(down, isRequest: true, _closing.Token) is { } request)
                {
                    if (!await ExchangeAsync(request, client, server.GetStream()))
                        return;
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One side closed the connection, so the other side is closed too.
            }
        }
    }

    /// <summary>Handles one request and its answer, applying a fault if it is due. Returns false when the connection is finished.</summary>
    private async Task<bool> ExchangeAsync(byte[] request, TcpClient client, NetworkStream up)
    {
        (Fault fault, double share, TimeSpan delay) = Draw();
        NetworkStream down = client.GetStream();
        _done.AddOrUpdate(fault, 1, (_, count) => count + 1);
        if (fault == Fault.DropRequest)
            return false;
        if (fault == Fault.DelayRequest)
            await Task.Delay(delay, TimeProvider.System, _closing.Token);
        if (fault == Fault.CutRequest)
        {
            await up.WriteAsync(request.AsMemory(0, (int)(request.Length * share)), _closing.Token);
            return false;
        }

        using var repeated = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        Task repeating = fault == Fault.RepeatRequest ? RepeatAsync(request, repeated.Token) : Task.CompletedTask;
        await up.WriteAsync(request, _closing.Token);
        byte[]? answer = await WhileThereAsync(client, HttpMessage.ReadAsync(up, isRequest: false, _closing.Token));
        await repeated.CancelAsync();
        await repeating;
        if (answer is null || fault == Fault.DropAnswer)
            return false;
        if (fault == Fault.DelayAnswer)
            await Task.Delay(delay, TimeProvider.System, _closing.Token);
        int length = fault == Fault.CutAnswer ? (int)(answer.Length * share) : answer.Length;
        await down.WriteAsync(answer.AsMemory(0, length), _closing.Token);
        return fault != Fault.CutAnswer;
    }

    /// <summary>Waits for the server's answer. If the client disconnects first, the server is to notice that.</summary>
    private static async Task<byte[]?> WhileThereAsync(TcpClient client, Task<byte[]?> answering)
    {
        using var answered = new CancellationTokenSource();
        Task gone = client.Client.ReceiveAsync(new byte[1], SocketFlags.Peek, answered.Token).AsTask();
        bool isAnswered = await Task.WhenAny(answering, gone) == answering;
        await answered.CancelAsync();
        await gone.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ = answering.ContinueWith(static lost => lost.Exception, TaskScheduler.Default);
        return isAnswered ? await answering : null;
    }

    /// <summary>Sends the same request again on a separate connection. Its answer is discarded.</summary>
    private async Task RepeatAsync(byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            using var again = new TcpClient { NoDelay = true };
            await again.ConnectAsync(_server.Host, _server.Port, cancellationToken);
            await again.GetStream().WriteAsync(request, cancellationToken);
            await HttpMessage.ReadAsync(again.GetStream(), isRequest: false, cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // It was a duplicate anyway.
        }
    }

    private (Fault Fault, double Share, TimeSpan Delay) Draw()
    {
        lock (_random)
        {
            bool wrong = _random.Next(100) < Percent;
            Fault[] faults = Enum.GetValues<Fault>();
            Fault fault = wrong ? faults[_random.Next(1, faults.Length)] : Fault.None;
            return (fault, _random.NextDouble(), TimeSpan.FromMilliseconds(_random.Next(1, 300)));
        }
    }
}

/// <summary>What can happen to a request and its answer.</summary>
internal enum Fault
{
    None,
    DropRequest,
    CutRequest,
    DelayRequest,
    RepeatRequest,
    DropAnswer,
    CutAnswer,
    DelayAnswer,
}

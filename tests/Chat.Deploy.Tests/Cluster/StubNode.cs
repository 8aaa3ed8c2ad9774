using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace ErlChat.Deploy.Cluster;

/// <summary>Stands for a node behind a balancer: it answers requests, or closes the connection after it has read one.</summary>
internal sealed class StubNode : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<Task> _serving = new();
    private readonly Task _accepting;

    internal StubNode()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    internal int Port { get; }

    /// <summary>Whether it closes the connection instead of answering. It still answers health checks.</summary>
    internal bool IsBroken { get; init; }

    /// <summary>Whether /readyz answers 503, as while the database is away.</summary>
    internal bool IsUnready { get; set; }

    /// <summary>The requests so far, such as <c>GET /chat/wait/</c>, without health checks.</summary>
    internal string[] Asked => [.. _asked];

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _serving.Enqueue(ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                while (await ReadAsync(stream) is { } request && Answer(request) is { } status)
                {
                    string head = $"HTTP/1.1 {status} Stub\r\nContent-Length: 2\r\n\r\nok";
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _closing.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The balancer closed the connection.
            }
        }
    }

    /// <summary>The status to answer with; null to close the connection.</summary>
    private int? Answer(string request)
    {
        switch (request)
        {
            case "GET /readyz":
                return IsUnready ? 503 : 200;
            case "GET /healthz":
                return 200;
            default:
                _asked.Enqueue(request);
                return IsBroken ? null : 200;
        }
    }

    /// <summary>The method and path of the next request, whose body it reads too.</summary>
    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var bytes = new StringBuilder();
        byte[] buffer = new byte[1];
        while (!bytes.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer, _closing.Token) == 0)
                return null;
            bytes.Append((char)buffer[0]);
        }

        string[] lines = bytes.ToString().Split("\r\n");
        string length = lines.FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) ?? ":0";
        byte[] body = new byte[int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _closing.Token);
        return string.Join(' ', lines[0].Split(' ')[..2]);
    }
}

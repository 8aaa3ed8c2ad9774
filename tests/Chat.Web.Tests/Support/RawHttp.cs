using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ErlChat.Web.Tests;

/// <summary>A TCP connection on which a test can send any bytes. Every read has a deadline.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly List<byte> _read = [];

    internal static async Task<RawHttp> ConnectAsync(ChatServerHost server, string? from = null)
    {
        var raw = new RawHttp();
        if (from is not null)
            raw._socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await raw._socket.ConnectAsync(IPAddress.Loopback, server.Port).WithinAsync();
        return raw;
    }

    /// <summary>
    /// Sends a request on a separate connection, and returns its one answer. Null when the server closed without an answer.
    /// </summary>
    internal static async Task<RawAnswer?> AskAsync(ChatServerHost server, string request) =>
        await AskAsync(server, Encoding.Latin1.GetBytes(request));

    internal static async Task<RawAnswer?> AskAsync(ChatServerHost server, byte[] request)
    {
        using RawHttp raw = await ConnectAsync(server);
        Task sending = raw.SendAsync(request);
        RawAnswer? answer = await raw.ReadAnswerAsync();
        try
        {
            await sending.WithinAsync();
        }
        catch (SocketException)
        {
            // The server may have closed the connection before it got everything.
        }

        return answer;
    }

    internal Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    internal async Task SendAsync(byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent));
    }

    /// <summary>The client will send no more, but still reads.</summary>
    internal void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Resets the connection.</summary>
    internal void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>The next answer. Null when the connection ended before one.</summary>
    internal async Task<RawAnswer?> ReadAnswerAsync(TimeSpan? limit = null)
    {
        int head;
        while ((head = HeadLength()) < 0)
        {
            if (!await FillAsync(limit))
                return _read.Count == 0 ? null : throw new InvalidOperationException("Cut: " + Encoding.Latin1.GetString([.. _read]));
        }

        string[] lines = Encoding.Latin1.GetString([.. _read[..head]]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        _read.RemoveRange(0, head);
        int status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = lines[1..].Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "", StringComparer.OrdinalIgnoreCase);
        if (status == 100)
            return await ReadAnswerAsync(limit);
        byte[] body = headers.ContainsKey("Transfer-Encoding") ? await ReadChunksAsync(limit)
            : headers.TryGetValue("Content-Length", out string? length) && status != 304
            ? await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture), limit)
            : [];
        return new RawAnswer(status, headers, Encoding.UTF8.GetString(body));
    }

    /// <summary>Waits for the next bytes or the end of the connection. Returns whether the server has closed it.</summary>
    internal async Task<bool> IsClosedAsync() => _read.Count == 0 && !await FillAsync(null);

    private async Task<byte[]> ReadChunksAsync(TimeSpan? limit)
    {
        var body = new List<byte>();
        while (true)
        {
            int end;
            while ((end = Encoding.Latin1.GetString([.. _read]).IndexOf("\r\n", StringComparison.Ordinal)) < 0)
                Assert.True(await FillAsync(limit));
            int size = int.Parse(Encoding.Latin1.GetString([.. _read[..end]]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _read.RemoveRange(0, end + 2);
            body.AddRange((await ReadBytesAsync(size + 2, limit))[..size]);
            if (size == 0)
                return [.. body];
        }
    }

    private async Task<byte[]> ReadBytesAsync(int count, TimeSpan? limit)
    {
        while (_read.Count < count)
            Assert.True(await FillAsync(limit), "The answer was cut short.");
        byte[] bytes = [.. _read[..count]];
        _read.RemoveRange(0, count);
        return bytes;
    }

    private async Task<bool> FillAsync(TimeSpan? limit)
    {
        int count;
        try
        {
            count = await _socket.ReceiveAsync(_buffer.AsMemory()).WithinAsync(limit);
        }
        catch (SocketException)
        {
            return false;
        }

        _read.AddRange(_buffer.AsSpan(0, count));
        return count > 0;
    }

    private int HeadLength()
    {
        for (int i = 3; i < _read.Count; i++)
        {
            if (_read[i] == '\n' && _read[i - 1] == '\r' && _read[i - 2] == '\n' && _read[i - 3] == '\r')
                return i + 1;
        }

        return -1;
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>An answer as it came over a socket.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body);

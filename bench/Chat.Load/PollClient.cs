using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ErlChat.Load;

/// <summary>One session over one keep-alive connection, on bare sockets so that the client costs little beside the server. Not thread-safe.</summary>
internal sealed class PollClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[2048];
    private string _cookie = "";
    private byte[] _poll = [];

    /// <summary>The id that the next poll asks from.</summary>
    internal long Cursor { get; set; }

    internal async Task LogInAsync(int port, int number, CancellationToken cancellationToken)
    {
        // A loopback address has 28 000 ports to come from; spread over several.
        _socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.0.{2 + number % 50}"), 0));
        await _socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        string body = $"nick=p{number}";
        string login = await AskAsync($"POST /login/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}", cancellationToken);
        int start = login.IndexOf("chat_sess=", StringComparison.Ordinal);
        if (start < 0)
            throw new InvalidOperationException("Refused: " + login);
        _cookie = login[start..login.IndexOf(';', start)];
    }

    internal Task<string> SayAsync(string text, CancellationToken cancellationToken)
    {
        string body = "msg=" + Uri.EscapeDataString(text);
        return AskAsync(
            $"POST /chat/send_msg/ HTTP/1.1\r\nHost: h\r\nCookie: {_cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            cancellationToken);
    }

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        string answer = await AskAsync($"GET /chat/start/ HTTP/1.1\r\nHost: h\r\nCookie: {_cookie}\r\n\r\n", cancellationToken);
        Cursor = NumberBehind(answer, "\"response\":");
    }

    internal ValueTask<int> ParkAsync(CancellationToken cancellationToken)
    {
        _poll = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET /chat/wait/?msg_id={Cursor} HTTP/1.1\r\nHost: h\r\nCookie: {_cookie}\r\n\r\n"));
        return _socket.SendAsync(_poll, cancellationToken);
    }

    /// <summary>The answer to the parked poll; moves the cursor behind its last item.</summary>
    internal async Task<string> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        string answer = await ReadAsync(cancellationToken);
        int last = answer.LastIndexOf("{\"id\":", StringComparison.Ordinal);
        if (last >= 0)
            Cursor = NumberBehind(answer[last..], "\"id\":") + 1;
        return answer;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> AskAsync(string request, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (true)
        {
            int read = await _socket.ReceiveAsync(_buffer, cancellationToken);
            if (read == 0)
                throw new IOException("The server closed a connection.");
            text.Append(Encoding.UTF8.GetString(_buffer, 0, read));
            string sofar = text.ToString();
            int head = sofar.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && Encoding.UTF8.GetByteCount(sofar[(head + 4)..]) >= NumberBehind(sofar, "Content-Length: "))
                return sofar;
        }
    }

    private static long NumberBehind(string text, string mark)
    {
        int start = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return long.Parse(text.AsSpan(start, end - start), CultureInfo.InvariantCulture);
    }
}

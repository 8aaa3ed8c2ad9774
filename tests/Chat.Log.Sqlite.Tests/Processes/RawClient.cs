using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ErlChat.Tests;

/// <summary>A connection on which a test says every byte. Not thread-safe.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[8192];
    private readonly MemoryStream _read = new();

    internal string Cookie { get; set; } = "";

    internal static async Task<RawClient> ConnectAsync(int port)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, port).WithinAsync();
        return client;
    }

    /// <summary>Logs in, and gives the first id that is not read yet.</summary>
    internal async Task<long> LoginAsync(string nick)
    {
        string body = $"nick={nick}";
        await SendAsync(
            "POST /login/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
        RawReply login = (await ReadAsync())!;
        Cookie = login.Head.Split("Set-Cookie: ")[1].Split(';')[0];
        await GetAsync("/chat/start/");
        string start = (await ReadAsync())!.Body;
        return long.Parse(start.Split("\"response\":")[1].Split(',', '}')[0], CultureInfo.InvariantCulture);
    }

    internal Task GetAsync(string path) => SendAsync($"GET {path} HTTP/1.1\r\nHost: h\r\nCookie: {Cookie}\r\n\r\n");

    internal Task PollAsync(long cursor) => GetAsync(string.Create(CultureInfo.InvariantCulture, $"/chat/wait/?msg_id={cursor}"));

    internal Task SayAsync(string text) => PostAsync("/chat/send_msg/", "msg=" + text);

    /// <summary>Sends a form; its values are escaped by the caller.</summary>
    internal Task PostAsync(string path, string form) =>
        SendAsync(
            $"POST {path} HTTP/1.1\r\nHost: h\r\nCookie: {Cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + $"Content-Length: {form.Length}\r\n\r\n{form}");

    internal async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text)).WithinAsync();

    /// <summary>The next answer; null when the connection ended without one.</summary>
    internal async Task<RawReply?> ReadAsync()
    {
        while (true)
        {
            string text = Encoding.UTF8.GetString(_read.GetBuffer(), 0, (int)_read.Length);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                string head = text[..(end + 2)];
                int length = head.Contains("Content-Length: ", StringComparison.Ordinal)
                    ? int.Parse(head.Split("Content-Length: ")[1].Split("\r\n")[0], CultureInfo.InvariantCulture) : 0;
                int all = end + 4 + length;
                if (_read.Length >= all)
                {
                    string body = Encoding.UTF8.GetString(_read.GetBuffer(), end + 4, length);
                    byte[] rest = _read.ToArray()[all..];
                    _read.SetLength(0);
                    _read.Write(rest);
                    return new RawReply(head, body);
                }
            }

            int count;
            try
            {
                count = await _socket.ReceiveAsync(_buffer.AsMemory()).AsTask().WithinAsync(TimeSpan.FromSeconds(40));
            }
            catch (SocketException)
            {
                return null;
            }

            if (count == 0)
                return null;
            _read.Write(_buffer, 0, count);
        }
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>An answer as it came.</summary>
internal sealed record RawReply(string Head, string Body)
{
    internal bool Closes => Head.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal);
}

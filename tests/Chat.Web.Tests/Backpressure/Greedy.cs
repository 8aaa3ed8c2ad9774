using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ErlChat.Web.Tests.Backpressure;

/// <summary>
/// A client that sends requests and does not read the answers, or reads them as slowly as the test wants. Its socket buffers little, so
/// bytes that it does not read stay with the server.
/// </summary>
internal sealed class Greedy : IDisposable
{
    private readonly Socket _socket =
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 8 * 1024 };
    private Stream _stream = Stream.Null;

    internal static async Task<Greedy> ConnectAsync(int port, bool tls = false)
    {
        var greedy = new Greedy();
        await greedy._socket.ConnectAsync(IPAddress.Loopback, port).WithinAsync();
        greedy._stream = new NetworkStream(greedy._socket);
        if (!tls)
            return greedy;
        var secure = new SslStream(greedy._stream, false, static (_, certificate, _, _) => certificate is not null);
        await secure.AuthenticateAsClientAsync("localhost").WithinAsync();
        greedy._stream = secure;
        return greedy;
    }

    internal async Task AskAsync(string path, string? token) =>
        await _stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: h\r\nCookie: chat_sess={token}\r\n\r\n")).AsTask().WithinAsync();

    /// <summary>Reads one answer, or as much of it as arrives. Returns the length it announces and the number of bytes that came.</summary>
    /// <param name="bytes">How many bytes to read at a time.</param>
    /// <param name="pause">How long to wait between reads.</param>
    internal async Task<(string Head, long Said, long Came)> ReadAsync(int bytes = 64 * 1024, TimeSpan pause = default)
    {
        byte[] buffer = new byte[bytes];
        var head = new StringBuilder();
        (long said, long came) = (-1, 0);
        try
        {
            while (said < 0 || came < said)
            {
                int count = await _stream.ReadAsync(buffer).AsTask().WithinAsync(TimeSpan.FromSeconds(30));
                if (count == 0)
                    break;
                if (said < 0)
                {
                    head.Append(Encoding.Latin1.GetString(buffer, 0, count));
                    int end = head.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
                    if (end < 0)
                        continue;
                    string all = head.ToString();
                    came = all.Length - end - 4;
                    head.Length = end;
                    said = long.Parse(all.Split("Content-Length: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
                }
                else
                {
                    came += count;
                }

                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, TimeProvider.System);
            }
        }
        catch (IOException)
        {
            // The server ended the connection.
        }

        return (head.ToString(), said, came);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }
}

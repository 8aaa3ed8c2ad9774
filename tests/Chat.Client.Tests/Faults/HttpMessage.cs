using System.Globalization;
using System.Text;

namespace ErlChat.Client.Tests;

/// <summary>
/// Reads complete HTTP/1.1 messages, with a Content-Length or without a body, as the client and the server here send them.
/// </summary>
internal static class HttpMessage
{
    /// <summary>The next message. Null when the other side closed the connection.</summary>
    internal static async Task<byte[]?> ReadAsync(Stream stream, bool isRequest, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        byte[] buffer = new byte[4096];
        int end;
        while ((end = HeadEnd(bytes)) < 0)
        {
            int count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0)
                return null;
            bytes.Write(buffer, 0, count);
        }

        string head = Encoding.ASCII.GetString(bytes.GetBuffer(), 0, end);
        int length = BodyLength(head, isRequest);
        while (bytes.Length < end + length)
        {
            int count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0)
                return null;
            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }

    private static int HeadEnd(MemoryStream bytes)
    {
        int at = bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf("\r\n\r\n"u8);
        return at < 0 ? -1 : at + 4;
    }

    private static int BodyLength(string head, bool isRequest)
    {
        foreach (string line in head.Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                return int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture);
            if (line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase))
                throw new InvalidOperationException($"The proxy of the tests knows no chunked {(isRequest ? "requests" : "answers")}.");
        }

        return 0;
    }
}

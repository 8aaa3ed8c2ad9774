using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using ErlChat.Mailboxes;
using ErlChat.Protocol.Comet;
using ErlChat.Web.Answers;
using ErlChat.Web.Backpressure;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.FastLane;

/// <summary>Writes answers to polls from prepared pieces, byte for byte as the ordinary pipeline writes them. Thread-safe.</summary>
internal sealed class LaneAnswer(FullCometFormat format, TimeProvider time, IOptions<KestrelServerOptions> kestrel)
{
    private readonly string _server = kestrel.Value.AddServerHeader ? "Server: Kestrel\r\n" : "";

    // The most digits that a length can have.
    private const int MaxDigits = 10;

    private Head _head = new(0, [], []);

    private static ReadOnlySpan<byte> Status => "HTTP/1.1 200 OK\r\nContent-Length: "u8;

    /// <param name="isNewer">Whether the client is a newer one (<see cref="FullCometFormat.For"/>).</param>
    /// <param name="closes">Whether the connection closes after the answer.</param>
    internal void Write(PipeWriter output, Mail[] mail, bool isNewer, int length, bool closes)
    {
        WriteHead(output, length, closes);
        MailAnswer.Write(output, mail, format.For(isNewer));
    }

    /// <summary>Writes the body of a long answer, after <see cref="WriteHead"/>.</summary>
    internal ValueTask WriteAsync(PieceWriter output, Mail[] mail, bool isNewer) =>
        MailAnswer.WriteAsync(output, mail, format.For(isNewer));

    /// <inheritdoc cref="Write(PipeWriter, Mail[], bool, int, bool)" path="/param"/>
    internal void Write(PipeWriter output, CometReply reply, bool closes)
    {
        WriteHead(output, reply.Body.Length, closes, reply.RetryAfter);
        output.Write(reply.Body.Span);
    }

    /// <inheritdoc cref="Write(PipeWriter, Mail[], bool, int, bool)" path="/param"/>
    internal void WriteHead(PipeWriter output, int length, bool closes, int? retryAfter = null)
    {
        Head head = Current();
        ReadOnlySpan<byte> closing = closes ? "\r\nConnection: close"u8 : [];
        ReadOnlySpan<byte> retry = retryAfter is { } seconds
            ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\r\n"))
            : [];
        Span<byte> span = output.GetSpan(Status.Length + MaxDigits + closing.Length + head.First.Length + retry.Length + head.Last.Length);
        Status.CopyTo(span);
        Utf8Formatter.TryFormat(length, span[Status.Length..], out int digits);
        int written = Status.Length + digits;
        Append(span, closing, ref written);
        Append(span, head.First, ref written);
        Append(span, retry, ref written);
        Append(span, head.Last, ref written);
        output.Advance(written);
    }

    private static void Append(Span<byte> span, ReadOnlySpan<byte> piece, ref int written)
    {
        piece.CopyTo(span[written..]);
        written += piece.Length;
    }

    /// <summary>The parts that all answers within one second share, including the date.</summary>
    private Head Current()
    {
        DateTimeOffset now = time.GetUtcNow();
        Head head = Volatile.Read(ref _head);
        long second = now.Ticks / TimeSpan.TicksPerSecond;
        if (head.Second != second)
        {
            string date = now.ToString("R", CultureInfo.InvariantCulture);
            head = new Head(
                second,
                Encoding.ASCII.GetBytes(
                    $"\r\nContent-Type: {CometEnvelope.ContentType}\r\nDate: {date}\r\n{_server}Cache-Control: no-store\r\n"),
                Encoding.ASCII.GetBytes(SecurityHeaders.Lines + "\r\n"));
            Volatile.Write(ref _head, head);
        }

        return head;
    }

    private sealed record Head(long Second, byte[] First, byte[] Last);
}

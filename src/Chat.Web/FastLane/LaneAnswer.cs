using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using ErlChat.Protocol.Comet;
using ErlChat.Web.Comet;
using ErlChat.Web.Hosting;

namespace ErlChat.Web.FastLane;

/// <summary>Writes answers to polls as the ordinary pipeline writes them, byte for byte, from prepared pieces. Thread-safe.</summary>
internal sealed class LaneAnswer(CometFormat format, TimeProvider time)
{
    private static readonly byte[] s_type = Encoding.ASCII.GetBytes($"\r\nContent-Type: {CometEnvelope.ContentType}\r\nDate: ");
    private static readonly byte[] s_caching = "\r\nCache-Control: no-store\r\n"u8.ToArray();
    private static readonly byte[] s_security = Encoding.ASCII.GetBytes(SecurityHeaders.Lines + "\r\n");

    private Second _now = new(0, []);

    internal void Write(PipeWriter output, Mail[] mail)
    {
        WriteHead(output, MailAnswer.LengthOf(mail, format), retryAfter: null);
        MailAnswer.Write(output, mail, format);
    }

    internal void Write(PipeWriter output, CometReply reply)
    {
        WriteHead(output, reply.Body.Length, reply.RetryAfter);
        output.Write(reply.Body.Span);
    }

    private void WriteHead(PipeWriter output, int length, int? retryAfter)
    {
        output.Write("HTTP/1.1 200 OK\r\nContent-Length: "u8);
        Span<byte> digits = output.GetSpan(10);
        Utf8Formatter.TryFormat(length, digits, out int written);
        output.Advance(written);
        if (retryAfter is not null)
            output.Write("\r\nConnection: close"u8);
        output.Write(s_type);
        output.Write(Date());
        output.Write(s_caching);
        if (retryAfter is { } seconds)
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\r\n")));
        output.Write(s_security);
    }

    /// <summary>The date of an answer, made once a second.</summary>
    private byte[] Date()
    {
        DateTimeOffset now = time.GetUtcNow();
        Second last = Volatile.Read(ref _now);
        long second = now.Ticks / TimeSpan.TicksPerSecond;
        if (last.Number != second)
            Volatile.Write(ref _now, last = new Second(second, Encoding.ASCII.GetBytes(now.ToString("R", CultureInfo.InvariantCulture))));
        return last.Text;
    }

    private sealed record Second(long Number, byte[] Text);
}

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
    // Bytes of an answer that fit with its head into one block of Kestrel's memory, which has 4 096.
    private const int OneBlock = 3072;

    // As many digits as a length may have.
    private const int MaxDigits = 10;

    private Head _head = new(0, [], []);

    private static ReadOnlySpan<byte> Status => "HTTP/1.1 200 OK\r\nContent-Length: "u8;

    internal void Write(PipeWriter output, Mail[] mail)
    {
        int length = MailAnswer.LengthOf(mail, format);
        if (length > OneBlock)
        {
            Begin(output, length, 0, retryAfter: null, out int head);
            output.Advance(head);
            MailAnswer.Write(output, mail, format);
            return;
        }

        // Nearly always: one piece of memory for all of it.
        Span<byte> span = Begin(output, length, length, retryAfter: null, out int written);
        Append(span, CometEnvelope.Prefix, ref written);
        for (int i = 0; i < mail.Length; i++)
        {
            if (i > 0)
                Append(span, CometEnvelope.Separator, ref written);
            Append(span, mail[i].In(format), ref written);
        }

        Append(span, CometEnvelope.Suffix, ref written);
        output.Advance(written);
    }

    internal void Write(PipeWriter output, CometReply reply)
    {
        Span<byte> span = Begin(output, reply.Body.Length, reply.Body.Length, reply.RetryAfter, out int written);
        Append(span, reply.Body.Span, ref written);
        output.Advance(written);
    }

    /// <summary>Writes the head of an answer of this length into memory that has room for so much behind it.</summary>
    private Span<byte> Begin(PipeWriter output, int length, int room, int? retryAfter, out int written)
    {
        Head head = Current();
        ReadOnlySpan<byte> closing = retryAfter is null ? [] : "\r\nConnection: close"u8;
        ReadOnlySpan<byte> retry = retryAfter is { } seconds ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\r\n")) : [];
        Span<byte> span = output.GetSpan(Status.Length + MaxDigits + closing.Length + head.First.Length + retry.Length + head.Last.Length + room);
        Status.CopyTo(span);
        Utf8Formatter.TryFormat(length, span[Status.Length..], out int digits);
        written = Status.Length + digits;
        Append(span, closing, ref written);
        Append(span, head.First, ref written);
        Append(span, retry, ref written);
        Append(span, head.Last, ref written);
        return span;
    }

    private static void Append(Span<byte> span, ReadOnlySpan<byte> piece, ref int written)
    {
        piece.CopyTo(span[written..]);
        written += piece.Length;
    }

    /// <summary>What all answers of this second have in common, because of their date.</summary>
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
                Encoding.ASCII.GetBytes($"\r\nContent-Type: {CometEnvelope.ContentType}\r\nDate: {date}\r\nCache-Control: no-store\r\n"),
                Encoding.ASCII.GetBytes(SecurityHeaders.Lines + "\r\n"));
            Volatile.Write(ref _head, head);
        }

        return head;
    }

    private sealed record Head(long Second, byte[] First, byte[] Last);
}

using System.Buffers.Text;
using System.Text;

namespace ErlChat.Load.Wire;

/// <summary>
/// HTTP/1.1 replies with a length, chunked, or without a body. Not thread-safe: a chunked body is assembled in a buffer that the next one
/// reuses.
/// </summary>
internal sealed class HttpFraming : IFraming
{
    private const int StatusAt = 9;

    private byte[] _joined = new byte[4096];

    public bool TryRead(ReadOnlySpan<byte> input, out Reply reply, out int consumed)
    {
        reply = default;
        consumed = 0;
        int end = input.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        ReadOnlySpan<byte> head = input[..(end + 2)];
        ReadOnlySpan<byte> rest = input[(end + 4)..];
        int status = StatusOf(head);
        ReadOnlySpan<byte> body;
        int length;
        if (Headers.TryFind(head, "content-length"u8, out ReadOnlySpan<byte> value))
        {
            if (!Utf8Parser.TryParse(value, out length, out int digits) || digits != value.Length || length < 0)
                throw new InvalidDataException("Content-Length: " + Encoding.Latin1.GetString(value));
            if (rest.Length < length)
                return false;
            body = rest[..length];
        }
        else if (Headers.TryFind(head, "transfer-encoding"u8, out _))
        {
            if (!TryJoin(rest, out int size, out length))
                return false;
            body = _joined.AsSpan(0, size);
        }
        else if (status is 101 or 204 or 304)
        {
            body = [];
            length = 0;
        }
        else
        {
            throw new InvalidDataException($"A reply {status} without a length.");
        }

        reply = new Reply { Status = status, Head = head, Body = body };
        consumed = end + 4 + length;
        return true;
    }

    private static int StatusOf(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8)
            || !Utf8Parser.TryParse(head.Slice(StatusAt, Math.Min(3, head.Length - StatusAt)), out int status, out int digits)
            || digits != 3)
            throw new InvalidDataException("Not a reply: " + Encoding.Latin1.GetString(head[..Math.Min(40, head.Length)]));
        return status;
    }

    /// <summary>Joins the chunks. Returns false when the last one has not arrived yet.</summary>
    private bool TryJoin(ReadOnlySpan<byte> chunks, out int size, out int length)
    {
        (size, length) = (0, 0);
        while (true)
        {
            int line = chunks[length..].IndexOf("\r\n"u8);
            if (line < 0)
                return false;
            if (!Utf8Parser.TryParse(chunks.Slice(length, line), out int chunk, out int digits, 'x') || digits == 0 || chunk < 0)
                throw new InvalidDataException("A chunk without a size.");
            int start = length + line + 2;
            if (chunks.Length < (long)start + chunk + 2)
                return false;
            if (chunk == 0)
            {
                // Trailers would come before this line end. None of the servers here sends any.
                length = start + 2;
                return true;
            }

            if (_joined.Length < size + chunk)
                Array.Resize(ref _joined, Math.Max(size + chunk, _joined.Length * 2));
            chunks.Slice(start, chunk).CopyTo(_joined.AsSpan(size));
            size += chunk;
            length = start + chunk + 2;
        }
    }
}

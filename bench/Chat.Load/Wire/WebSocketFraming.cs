using System.Buffers.Binary;

namespace ErlChat.Load.Wire;

/// <summary>
/// A server's WebSocket frames. Each is a reply with status 0. The servers under measurement do not fragment. Pings and pongs are replies
/// without a body.
/// </summary>
internal sealed class WebSocketFraming : IFraming
{
    internal static readonly WebSocketFraming Instance = new();

    public bool TryRead(ReadOnlySpan<byte> input, out Reply reply, out int consumed)
    {
        reply = default;
        consumed = 0;
        if (input.Length < 2)
            return false;
        int opcode = input[0] & 0x0f;
        int start = input[1] switch { 126 => 4, 127 => 10, _ => 2 };
        if (input.Length < start)
            return false;
        long length = input[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(input[2..]),
            127 => BinaryPrimitives.ReadInt64BigEndian(input[2..]),
            var few => few,
        };
        if (input.Length < start + length)
            return false;
        if (opcode == 8)
            throw new InvalidDataException(
                $"the server closed the socket with {(length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(input[start..]) : 1005)}");
        if (opcode is not (1 or 9 or 10) || (input[0] & 0x80) == 0)
            throw new InvalidDataException($"a frame of the kind {input[0]:x2}");
        reply = new Reply { Body = opcode == 1 ? input.Slice(start, (int)length) : [] };
        consumed = start + (int)length;
        return true;
    }

    /// <summary>A client's text frame. Its mask is zero, which satisfies the rule without any computation.</summary>
    internal static byte[] Frame(ReadOnlySpan<byte> text)
    {
        byte[] head = text.Length < 126
            ? [0x81, (byte)(0x80 | text.Length), 0, 0, 0, 0]
            : [0x81, 0x80 | 126, (byte)(text.Length >> 8), (byte)text.Length, 0, 0, 0, 0];
        return [.. head, .. text];
    }
}

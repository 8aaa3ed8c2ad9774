using System.Buffers.Binary;

namespace ErlChat.Web.WebSockets;

/// <summary>
/// Builds frames as a server sends them (RFC 6455, section 5.2): unfragmented and unmasked. Nothing in them depends on the reader, so their
/// bytes can be shared.
/// </summary>
internal static class Frame
{
    internal const int Continuation = 0x0;
    internal const int TextOpcode = 0x1;
    internal const int BinaryOpcode = 0x2;
    internal const int CloseOpcode = 0x8;
    internal const int PingOpcode = 0x9;
    internal const int PongOpcode = 0xA;

    /// <summary>The longest payload of a control frame, in bytes.</summary>
    internal const int MaxControlPayload = 125;

    private const byte Final = 0x80;

    /// <summary>A text message.</summary>
    internal static byte[] Text(ReadOnlySpan<byte> utf8) => Of(TextOpcode, utf8);

    /// <summary>The answer to a ping, with the ping's payload.</summary>
    internal static byte[] Pong(ReadOnlySpan<byte> payload) => Of(PongOpcode, payload);

    /// <summary>A close frame. Without a status, the client sees 1005.</summary>
    internal static byte[] Close(ushort? status)
    {
        if (status is null)
            return Of(CloseOpcode, []);
        Span<byte> payload = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, status.Value);
        return Of(CloseOpcode, payload);
    }

    private static byte[] Of(int opcode, ReadOnlySpan<byte> payload)
    {
        int header = payload.Length switch
        {
            <= MaxControlPayload => 2,
            <= ushort.MaxValue => 4,
            _ => 10,
        };
        byte[] frame = new byte[header + payload.Length];
        frame[0] = (byte)(Final | opcode);
        switch (header)
        {
            case 2:
                frame[1] = (byte)payload.Length;
                break;
            case 4:
                frame[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
                break;
            default:
                frame[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
                break;
        }

        payload.CopyTo(frame.AsSpan(header));
        return frame;
    }
}

using System.Buffers;
using System.Buffers.Binary;

namespace ErlChat.Web.WebSockets;

/// <summary>The header of a frame that a client sent.</summary>
internal readonly struct FrameHeader
{
    private const int MaxLength = 14;

    private readonly byte _first;
    private readonly uint _mask;

    private FrameHeader(byte first, bool isMasked, long length, uint mask) =>
        (_first, IsMasked, Length, _mask) = (first, isMasked, length, mask);

    internal int Opcode => _first & 0x0F;

    internal bool IsFinal => (_first & 0x80) != 0;

    internal bool HasReservedBits => (_first & 0x70) != 0;

    internal bool IsControl => (_first & 0x08) != 0;

    internal bool IsMasked { get; }

    /// <summary>The length of the payload in bytes; negative if the client set the highest bit, which is not allowed.</summary>
    internal long Length { get; }

    /// <summary>Parses the header at the start of <paramref name="bytes"/>. Returns false if it is still incomplete.</summary>
    internal static bool TryParse(in ReadOnlySequence<byte> bytes, out FrameHeader header, out int headerLength)
    {
        header = default;
        headerLength = 2;
        Span<byte> span = stackalloc byte[MaxLength];
        int available = (int)Math.Min(bytes.Length, MaxLength);
        if (available < 2)
            return false;
        bytes.Slice(0, available).CopyTo(span);

        bool masked = (span[1] & 0x80) != 0;
        int shortLength = span[1] & 0x7F;
        int extra = shortLength switch
        {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        headerLength = 2 + extra + (masked ? 4 : 0);
        if (available < headerLength)
            return false;
        long length = extra switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(span[2..]),
            8 => BinaryPrimitives.ReadInt64BigEndian(span[2..]),
            _ => shortLength,
        };
        header = new FrameHeader(span[0], masked, length, masked ? BinaryPrimitives.ReadUInt32BigEndian(span[(2 + extra)..]) : 0);
        return true;
    }

    /// <summary>Unmasks a part of the payload that begins at <paramref name="offset"/>.</summary>
    internal void Unmask(Span<byte> payload, int offset)
    {
        Span<byte> mask = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(mask, _mask);
        for (int i = 0; i < payload.Length; i++)
            payload[i] ^= mask[(offset + i) & 3];
    }
}

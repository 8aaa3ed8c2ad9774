using System.Buffers;
using System.Text;

namespace ErlChat.State;

/// <summary>
/// Writes the fields of a <see cref="PackedGuest"/> one after another. <see cref="PackedReader"/> reads them in the same order.
/// </summary>
internal ref struct PackedWriter()
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _bytes = new(128);

    /// <summary>Writes a number; a small one takes one byte.</summary>
    internal readonly void Number(long value)
    {
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    /// <exception cref="EncoderFallbackException">The text has half a surrogate pair, which could not be read back.</exception>
    internal readonly void Text(string text)
    {
        Number(s_strict.GetByteCount(text));
        s_strict.GetBytes(text, _bytes);
    }

    /// <summary>Writes 32 lower-case hexadecimal digits as 16 bytes, and any other text as it is.</summary>
    internal readonly void Id(string id)
    {
        Span<byte> bytes = stackalloc byte[16];
        bool isHex = id.Length == 2 * bytes.Length
            && Convert.FromHexString(id, bytes, out _, out int written) == OperationStatus.Done && written == bytes.Length
            && Convert.ToHexStringLower(bytes) == id;
        Byte(isHex ? (byte)1 : (byte)0);
        if (isHex)
            _bytes.Write(bytes);
        else
            Text(id);
    }

    internal readonly void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    internal readonly byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}

/// <summary>Reads what a <see cref="PackedWriter"/> has written.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    internal long Number()
    {
        ulong value = 0;
        int shift = 0;
        byte next;
        do
        {
            next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            shift += 7;
        }
        while (next >= 0x80);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    internal string Text() => Encoding.UTF8.GetString(Take((int)Number()));

    internal void SkipText() => Take((int)Number());

    internal string Id() => Byte() == 1 ? Convert.ToHexStringLower(Take(16)) : Text();

    internal byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}

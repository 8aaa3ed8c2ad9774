using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ErlChat.Sqlite.Entries;

/// <summary>
/// The checksum of an entry: XxHash3 with 64 bits over all that the row has, in a form that does not depend on how SQLite stores it. It
/// finds what a disk or a hand has changed; it is no protection from somebody who wants to deceive.
/// </summary>
internal static class EntryChecksum
{
    /// <summary>Three numbers and two lengths.</summary>
    private const int Fixed = (3 * sizeof(long)) + (2 * sizeof(int));

    /// <summary>
    /// Over sequence, counter and at (64 bits each), the lengths in bytes of kind and origin (32 bits each), all little-endian, then kind,
    /// origin and body in UTF-8. Files have it: never change it.
    /// </summary>
    internal static long Of(long sequence, EntryRow row)
    {
        int most = Fixed + Encoding.UTF8.GetMaxByteCount(row.Kind.Length + row.Origin.Length + row.Body.Length);
        byte[] rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            Span<byte> bytes = rented;
            int kind = Encoding.UTF8.GetBytes(row.Kind, bytes[Fixed..]);
            int origin = Encoding.UTF8.GetBytes(row.Origin, bytes[(Fixed + kind)..]);
            int body = Encoding.UTF8.GetBytes(row.Body, bytes[(Fixed + kind + origin)..]);
            BinaryPrimitives.WriteInt64LittleEndian(bytes, sequence);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], row.Counter);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], row.At);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], kind);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], origin);
            return unchecked((long)XxHash3.HashToUInt64(bytes[..(Fixed + kind + origin + body)]));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

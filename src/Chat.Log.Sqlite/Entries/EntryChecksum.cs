using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using ErlChat.Serialization;

namespace ErlChat.Sqlite.Entries;

/// <summary>
/// The checksum of an entry: 64-bit XxHash3 over all columns of its row, in a form that does not depend on how SQLite stores them. It
/// detects changes by a disk or by hand. It does not protect against deliberate forgery.
/// </summary>
internal static class EntryChecksum
{
    /// <summary>The size of three numbers and two lengths, in bytes.</summary>
    private const int Fixed = (3 * sizeof(long)) + (2 * sizeof(int));

    /// <summary>
    /// Computes the checksum over sequence, counter and at (64 bits each) and the lengths in bytes of kind and origin (32 bits each), all
    /// little-endian, then kind, origin and body in UTF-8. Files contain it: never change it.
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

using System.Buffers.Binary;
using System.Text;
using ErlChat.Serialization;
using ErlChat.Sqlite.Entries;

namespace ErlChat.Sqlite.Salvage;

/// <summary>
/// Finds entries on the pages of a file by what a row of the entry table looks like. This also finds entries on pages that no table refers
/// to any more. Format: https://sqlite.org/fileformat2.html.
/// </summary>
internal sealed class EntryPages(PageFile file)
{
    private const byte TableLeaf = 0x0D;

    /// <summary>Bytes of the file's header, which precedes the header of the first page.</summary>
    private const int FileHeader = 100;

    /// <summary>The most bytes of an entry: a command with a text is never longer.</summary>
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly byte[] _overflow = new byte[file.PageSize];

    /// <summary>Everything that looks like an entry, unordered. It may contain duplicates and entries that were removed long ago.</summary>
    /// <param name="read">Called with the number of pages read.</param>
    internal IEnumerable<StoredEntry> Run(Action<long> read, CancellationToken cancelled)
    {
        long pages = 0;
        foreach ((byte[] page, bool isFirst) in file.All())
        {
            cancelled.ThrowIfCancellationRequested();
            read(++pages);
            int start = isFirst ? FileHeader : 0;
            if (page[start] != TableLeaf)
                continue;
            int cells = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + 3));
            for (int i = 0; i < cells && start + 10 + (2 * i) <= file.Usable; i++)
            {
                int place = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + 8 + (2 * i)));
                if (place < file.Usable - 4
                    && TryReadCell(page, place, out long sequence, out byte[]? payload)
                    && TryReadRow(sequence, payload!) is { } entry)
                    yield return entry;
            }
        }
    }

    private bool TryReadCell(byte[] page, int place, out long rowId, out byte[]? payload)
    {
        (rowId, payload) = (0, null);
        ReadOnlySpan<byte> cell = page.AsSpan(place, file.Usable - place);
        if (!TryReadNumber(ref cell, out long size) || !TryReadNumber(ref cell, out rowId) || size is < 8 or > MostBytes || rowId < 1)
            return false;
        int most = file.Usable - 35;
        int least = ((file.Usable - 12) * 32 / 255) - 23;
        int split = least + (int)((size - least) % (file.Usable - 4));
        int local = size <= most ? (int)size : split <= most ? split : least;
        if (cell.Length < local + (local < size ? 4 : 0))
            return false;
        payload = new byte[size];
        cell[..local].CopyTo(payload);
        return local == size || TryReadOverflow(BinaryPrimitives.ReadUInt32BigEndian(cell[local..]), payload.AsSpan(local));
    }

    private bool TryReadOverflow(long number, Span<byte> rest)
    {
        while (rest.Length > 0)
        {
            if (number == 0 || !file.TryRead(number, _overflow))
                return false;
            int some = Math.Min(rest.Length, file.Usable - 4);
            _overflow.AsSpan(4, some).CopyTo(rest);
            rest = rest[some..];
            number = BinaryPrimitives.ReadUInt32BigEndian(_overflow);
        }

        return true;
    }

    /// <summary>
    /// Parses a row of sequence (which precedes it), kind, origin, counter, at, body and, since version 2, checksum; null for anything
    /// else.
    /// </summary>
    private static StoredEntry? TryReadRow(long sequence, ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> all = payload;
        if (!TryReadNumber(ref payload, out long headerSize) || headerSize > all.Length || headerSize < 7)
            return null;
        ReadOnlySpan<byte> header = all[(all.Length - payload.Length)..(int)headerSize];
        ReadOnlySpan<byte> content = all[(int)headerSize..];
        return TryReadNumber(ref header, out long alias) && alias == 0
            && TryReadText(ref header, ref content, out string kind) && EntryCodec.Kinds.ContainsKey(kind)
            && TryReadText(ref header, ref content, out string origin)
            && TryReadInteger(ref header, ref content, out long? counter) && counter is not null
            && TryReadInteger(ref header, ref content, out long? at) && at is not null
            && TryReadText(ref header, ref content, out string body)
            && TryReadChecksum(header, content, out long? checksum)
            ? StoredEntry.Of(sequence, new EntryRow(kind, origin, counter.Value, at.Value, body), checksum)
            : null;
    }

    private static bool TryReadChecksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> content, out long? checksum)
    {
        checksum = null;
        return header.IsEmpty || (TryReadInteger(ref header, ref content, out checksum) && header.IsEmpty);
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> header, ref ReadOnlySpan<byte> content, out string text)
    {
        text = "";
        if (!TryReadNumber(ref header, out long type) || type < 13 || type % 2 == 0 || (type - 13) / 2 > content.Length)
            return false;
        int length = (int)((type - 13) / 2);
        text = Encoding.UTF8.GetString(content[..length]);
        content = content[length..];
        return true;
    }

    private static bool TryReadInteger(ref ReadOnlySpan<byte> header, ref ReadOnlySpan<byte> content, out long? value)
    {
        value = null;
        if (!TryReadNumber(ref header, out long type))
            return false;
        int size = type switch { 0 or 8 or 9 => 0, >= 1 and <= 4 => (int)type, 5 => 6, 6 => 8, _ => -1 };
        if (size < 0 || size > content.Length)
            return false;
        if (type == 0)
            return true;
        if (type >= 8)
        {
            value = type - 8;
            return true;
        }

        long number = (sbyte)content[0];
        for (int i = 1; i < size; i++)
            number = (number << 8) | content[i];
        content = content[size..];
        value = number;
        return true;
    }

    /// <summary>A number of 1 to 9 bytes, seven bits in each but the ninth, which has eight.</summary>
    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        for (int i = 0; i < 9 && i < bytes.Length; i++)
        {
            if (i == 8)
            {
                value = (value << 8) | bytes[i];
                bytes = bytes[9..];
                return true;
            }

            value = (value << 7) | (long)(bytes[i] & 0x7F);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }
}

using ErlChat.Log;
using ErlChat.Serialization;

namespace ErlChat.Sqlite.Entries;

/// <summary>An entry as found in a file, whether it is sound or not.</summary>
/// <param name="Sequence">Its sequence, which cannot be trusted if there is a problem.</param>
/// <param name="Row">The row; empty if not even that could be read.</param>
/// <param name="Checksum">The checksum that it was stored with; null in rows of older versions.</param>
/// <param name="Entry">The decoded entry; null if there is a problem.</param>
/// <param name="Problem">Why the entry cannot be used; null if it is sound.</param>
internal readonly record struct StoredEntry(long Sequence, EntryRow Row, long? Checksum, Entry? Entry, string? Problem)
{
    internal bool IsSound => Problem is null;

    /// <summary>Checks a row.</summary>
    internal static StoredEntry Of(long sequence, EntryRow row, long? checksum)
    {
        if (checksum is { } stored && stored != EntryChecksum.Of(sequence, row))
            return new StoredEntry(sequence, row, checksum, null, "It is not what was written: its checksum is wrong.");
        try
        {
            return new StoredEntry(sequence, row, checksum, EntryCodec.Decode(row), null);
        }
        catch (Exception e) when (EntryRows.IsUnreadable(e))
        {
            return new StoredEntry(sequence, row, checksum, null, e.Message);
        }
    }
}

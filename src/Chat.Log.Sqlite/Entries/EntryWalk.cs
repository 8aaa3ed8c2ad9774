using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Entries;

/// <summary>Reads the entries before and after any damage.</summary>
internal sealed class EntryWalk(SqliteConnection connection, CancellationToken cancelled)
    : RowWalk<StoredEntry>(connection, EntryRows.ColumnsIn(connection), "entry", cancelled)
{
    /// <summary>Reads a row, whether it is sound or not.</summary>
    internal static StoredEntry Of(SqliteDataReader row)
    {
        try
        {
            return StoredEntry.Of(row.GetInt64(0), EntryRows.Of(row), EntryRows.HasChecksum(row) ? row.GetInt64(6) : null);
        }
        catch (Exception e) when (EntryRows.IsUnreadable(e) || e is FormatException)
        {
            return new StoredEntry(row.GetInt64(0), default, null, null, e.Message);
        }
    }

    private protected override StoredEntry Take(SqliteDataReader row) => Of(row);

    private protected override long? SequenceOf(StoredEntry row) => row.IsSound ? row.Sequence : null;
}

/// <summary>Reads the sequences of a table before and after any damage.</summary>
internal sealed class KeyWalk(SqliteConnection connection, string table, CancellationToken cancelled)
    : RowWalk<long>(connection, "sequence", table, cancelled)
{
    private protected override long Take(SqliteDataReader row) => row.GetInt64(0);

    private protected override long? SequenceOf(long row) => row;
}

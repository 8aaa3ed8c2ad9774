using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>Rows of the entry table, selected as sequence, kind, origin, counter, at, body.</summary>
internal static class EntryRows
{
    /// <exception cref="InvalidCastException">A column has nothing in it, or something of another type.</exception>
    internal static EntryRow Of(SqliteDataReader row) => row.IsDBNull(1) || row.IsDBNull(2) || row.IsDBNull(5)
        ? throw new InvalidCastException("A column of the entry is empty.")
        : new EntryRow(row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5));
}

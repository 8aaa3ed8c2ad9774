using System.Text.Json;
using ErlChat.Log;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Entries;

/// <summary>Rows of the entry table, selected as <see cref="Columns"/>.</summary>
internal static class EntryRows
{
    internal const string Columns = "sequence, kind, origin, counter, at, body, checksum";

    /// <summary>The columns of a file that an older program wrote, which has no checksums.</summary>
    internal const string ColumnsOfVersion1 = "sequence, kind, origin, counter, at, body, NULL";

    /// <summary>The columns to select from this file, in the order of <see cref="Columns"/>.</summary>
    internal static string ColumnsIn(SqliteConnection connection) =>
        connection.Scalar<long>("PRAGMA user_version") < Schema.WithChecksums ? ColumnsOfVersion1 : Columns;

    /// <summary>Decodes the entry in a row and checks its checksum.</summary>
    /// <exception cref="JsonException">The row was changed after it was written, its kind is unknown, or its body does not fit its
    /// kind.</exception>
    /// <exception cref="InvalidCastException">A column has nothing in it, or something of another type.</exception>
    internal static Entry Decode(SqliteDataReader row)
    {
        EntryRow read = Of(row);
        if (!IsSound(row, read))
            throw new JsonException("It is not what was written: its checksum is wrong.");
        return EntryCodec.Decode(read);
    }

    /// <summary>Sets the parameters of an INSERT with <see cref="Columns"/>.</summary>
    internal static Statement Bind(this Statement insert, long sequence, EntryRow row) => insert
        .Bind(1, sequence)
        .Bind(2, row.Kind)
        .Bind(3, row.Origin)
        .Bind(4, row.Counter)
        .Bind(5, row.At)
        .Bind(6, row.Body)
        .Bind(7, EntryChecksum.Of(sequence, row));

    /// <summary>Whether an exception of <see cref="Decode"/> was caused by the row and not by a bug.</summary>
    internal static bool IsUnreadable(Exception e) =>
        e is JsonException or InvalidCastException or NotSupportedException or ArgumentException or OverflowException;

    /// <summary>
    /// Whether a row is as it was written, according to its checksum. Rows of older programs have none and count as sound.
    /// </summary>
    internal static bool IsSound(SqliteDataReader row, EntryRow read) =>
        !HasChecksum(row) || row.GetInt64(6) == EntryChecksum.Of(row.GetInt64(0), read);

    internal static bool HasChecksum(SqliteDataReader row) => !row.IsDBNull(6);

    /// <exception cref="InvalidCastException">A column has nothing in it, or something of another type.</exception>
    internal static EntryRow Of(SqliteDataReader row) => row.IsDBNull(1) || row.IsDBNull(2) || row.IsDBNull(5)
        ? throw new InvalidCastException("A column of the entry is empty.")
        : new EntryRow(row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5));
}

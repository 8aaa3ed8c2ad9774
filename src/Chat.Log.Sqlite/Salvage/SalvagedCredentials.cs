using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Tool;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Salvage;

/// <summary>Copies the readable credentials of a damaged database. Unlike the history, no entry can replace what is lost.</summary>
internal static class SalvagedCredentials
{
    /// <summary>Copies the rows that can be read, from the beginning and then from the end of each table.</summary>
    /// <returns>The number of rows copied, and whether these are all.</returns>
    internal static (long Taken, bool All) Take(SqliteConnection old, SqliteConnection @new, ToolCall call)
    {
        (long taken, bool all) = (0, true);
        foreach (string table in CredentialTables.In(SchemaUpgrade.VersionOf(old)))
        {
            string columns = CredentialTables.ColumnsOf(table), key = CredentialTables.KeyOf(table);
            bool isWhole = Copy(old, @new, table, columns, key, call, ref taken);
            if (!isWhole)
                Copy(old, @new, table, columns, key.Replace(",", " DESC,", StringComparison.Ordinal) + " DESC", call, ref taken);
            all &= isWhole;
        }

        return (taken, all);
    }

    /// <returns>Whether the table was read to its end.</returns>
    private static bool Copy(
        SqliteConnection old, SqliteConnection @new, string table, string columns, string order, ToolCall call, ref long taken)
    {
        string values = string.Join(", ", columns.Split(',').Select(static _ => "?"));
        using var insert = new Statement(@new, $"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({values})");
        try
        {
            using SqliteCommand command = old.Command($"SELECT {columns} FROM {table} ORDER BY {order}");
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
            {
                call.Cancelled.ThrowIfCancellationRequested();
                for (int i = 0; i < rows.FieldCount; i++)
                    _ = rows.GetValue(i) is long number ? insert.Bind(i + 1, number) : insert.Bind(i + 1, rows.GetValue(i) as string);
                insert.Run();
                taken += @new.Scalar<long>("SELECT changes()");
            }

            return true;
        }
        catch (SqliteException e) when (SalvagedHistory.IsUnreadable(e) || e.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            return false;
        }
    }
}

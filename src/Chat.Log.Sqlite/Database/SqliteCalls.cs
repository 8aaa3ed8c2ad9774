using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>Short forms of what is said to a connection often.</summary>
internal static class SqliteCalls
{
    /// <summary>What SQLite calls SQLITE_IOERR_WRITE: a frame could not be written, so the transaction has no end in the file.</summary>
    private const int WriteFailed = 778;

    internal static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using SqliteCommand command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row; the default when there is no row, or nothing in it.</summary>
    internal static T? Scalar<T>(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using SqliteCommand command = connection.Command(sql, parameters);
        return command.ExecuteScalar() is T value ? value : default;
    }

    internal static SqliteCommand Command(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    /// <summary>Ends a transaction whose statements failed.</summary>
    internal static void RollBack(this SqliteConnection connection)
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // What failed has ended the transaction itself.
        }
    }

    /// <summary>Whether a failure may come from a damaged search index.</summary>
    internal static bool MayBeOfSearchIndex(this SqliteException failure) =>
        failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_ERROR;

    /// <summary>
    /// Whether a COMMIT that failed like this has certainly left nothing behind that a recovery could take for committed.
    /// </summary>
    internal static bool LeavesNothing(this SqliteException failure) =>
        failure.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_READONLY or raw.SQLITE_CONSTRAINT
        || failure.SqliteExtendedErrorCode == WriteFailed;
}

using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>Short forms of frequent calls on a connection.</summary>
internal static class SqliteCalls
{
    /// <summary>SQLITE_IOERR_WRITE: a frame could not be written, so the file does not contain the end of the transaction.</summary>
    private const int WriteFailed = 778;

    internal static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using SqliteCommand command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row; the default value if there is no row or the column is NULL.</summary>
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

    /// <summary>
    /// Does work that removes what must not stay readable in the file: SQLite overwrites it. Otherwise it would stay in free space until
    /// that is used again. Not for all work, because it also writes pages that are only freed.
    /// </summary>
    internal static T Overwriting<T>(this SqliteConnection connection, Func<SqliteConnection, T> work)
    {
        connection.Execute("PRAGMA secure_delete = ON");
        try
        {
            return work(connection);
        }
        finally
        {
            connection.Execute("PRAGMA secure_delete = OFF");
        }
    }

    /// <summary>Rolls back a transaction after one of its statements failed.</summary>
    internal static void RollBack(this SqliteConnection connection)
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The failure has already ended the transaction.
        }
    }

    /// <summary>Whether a failure may come from a damaged search index.</summary>
    internal static bool MayBeOfSearchIndex(this SqliteException failure) =>
        failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_ERROR;

    /// <summary>Whether a COMMIT that failed with this error has certainly left nothing that recovery could take for committed.</summary>
    internal static bool LeavesNothing(this SqliteException failure) =>
        failure.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_READONLY or raw.SQLITE_CONSTRAINT
        || failure.SqliteExtendedErrorCode == WriteFailed;
}

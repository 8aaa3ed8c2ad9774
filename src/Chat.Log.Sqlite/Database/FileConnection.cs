using ErlChat.Names;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Database;

/// <summary>Opens a database file.</summary>
internal static class FileConnection
{
    /// <summary>How long to wait for another program's lock, in ms.</summary>
    internal const int BusyTimeout = 2000;

    /// <summary>
    /// Opens an unpooled connection, so that closing it closes the file. It waits two seconds for another program's lock. The
    /// collation <c>nick</c> compares nicks.
    /// </summary>
    internal static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusyTimeout / 1000,
        }.ToString());
        try
        {
            connection.Open();
            connection.CreateCollation("nick", static (one, other) => string.CompareOrdinal(Nick.KeyOf(one), Nick.KeyOf(other)));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

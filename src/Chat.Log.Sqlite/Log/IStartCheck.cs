using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Log;

/// <summary>Checks that the chat can start from a database, before anything in it is changed.</summary>
internal interface IStartCheck
{
    /// <param name="connection">A read-only connection to the database.</param>
    /// <param name="path">The database file, for messages.</param>
    /// <exception cref="LogStartException">The state cannot be restored from the database.</exception>
    void Check(SqliteConnection connection, string path);
}

using ErlChat.Sqlite.Files;

namespace ErlChat.Sqlite.Log;

/// <summary>The database file, for a program that wants to learn about its problems before it starts anything else.</summary>
public interface ISqliteLogFile
{
    /// <summary>
    /// Checks the database, then opens it, or creates it if it does not exist. Does nothing if it is open already. Not thread-safe.
    /// </summary>
    /// <exception cref="LogStartException">The database cannot be opened, or it is damaged.</exception>
    void Open();

    /// <summary>Facts about the open database; null before <see cref="Open"/>.</summary>
    LogFileFacts? Facts { get; }
}

/// <summary>Facts about a database at the moment when it was opened.</summary>
/// <param name="Path">The real file, with symbolic links resolved.</param>
/// <param name="IsNew">Whether opening created it.</param>
/// <param name="Bytes">Its size in bytes, without the WAL.</param>
/// <param name="Entries">The number of entries at most: entries that were removed from between others still count.</param>
/// <param name="Newest">The sequence of the newest entry; 0 if there is none.</param>
/// <param name="Epoch">The log's identity.</param>
public sealed record LogFileFacts(string Path, bool IsNew, long Bytes, long Entries, long Newest, string Epoch);

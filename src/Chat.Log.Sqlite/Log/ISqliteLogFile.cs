using ErlChat.Sqlite.Files;

namespace ErlChat.Sqlite.Log;

/// <summary>The database file, for a program that wants to hear of its problems before anything else starts.</summary>
public interface ISqliteLogFile
{
    /// <summary>
    /// Makes or opens the database, after looking whether it can be trusted. Does nothing when it is open. One call at a time.
    /// </summary>
    /// <exception cref="LogStartException">It cannot be opened, or not be trusted.</exception>
    void Open();

    /// <summary>What was opened; null before that.</summary>
    LogFileFacts? Facts { get; }
}

/// <summary>A database as it was when it was opened.</summary>
/// <param name="Path">The real file, behind links.</param>
/// <param name="IsNew">Whether it was made by that.</param>
/// <param name="Bytes">Its size, without the WAL.</param>
/// <param name="Entries">How many there are at the most: those that were removed from among others count too.</param>
/// <param name="Newest">The last one; 0 when there is none.</param>
/// <param name="Epoch">The log's identity.</param>
public sealed record LogFileFacts(string Path, bool IsNew, long Bytes, long Entries, long Newest, string Epoch);

namespace ErlChat.Sqlite;

/// <summary>The database file, for a program that wants to hear of its problems before anything else starts.</summary>
public interface ISqliteLogFile
{
    /// <summary>Makes or opens the database, after looking whether it can be trusted. Does nothing when it is open. One call at a time.</summary>
    /// <exception cref="LogStartException">It cannot be opened, or not be trusted.</exception>
    void Open();
}

namespace ErlChat.Sqlite;

/// <summary>
/// One process at a time: a file beside the database, locked for as long as it is open. SQLite's own exclusive mode would lock out this process's readers too. The
/// system drops the lock with the process, however that ends; the file stays.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    private DatabaseLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="LogStartException">Another process has it, or the folder cannot be written.</exception>
    internal static DatabaseLock Take(string database)
    {
        try
        {
            return new DatabaseLock(new FileStream(database + ".lock", DatabaseFiles.Private(FileMode.OpenOrCreate, FileShare.None)));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LogStartException($"{database} cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new LogStartException(
                File.Exists(database + ".lock") ? $"{database} is in use by another server." : $"{database} cannot be locked: {e.Message}",
                e);
        }
    }

    public void Dispose() => _file.Dispose();
}

namespace ErlChat.Sqlite.Files;

/// <summary>
/// Lets one process at a time use the database: a file next to it stays locked while it is open. SQLite's own exclusive mode would also
/// lock out the readers of this process. The operating system drops the lock when the process ends; the file stays.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;
    private readonly InodeLock? _inode;

    private DatabaseLock(FileStream file, InodeLock? inode) => (_file, _inode) = (file, inode);

    /// <summary>
    /// Takes the lock on the real file, since symbolic links, hard links and linked folders are other names of the same database.
    /// </summary>
    /// <exception cref="LogStartException">Another process holds the lock, or the folder cannot be written.</exception>
    internal static DatabaseLock Take(string database)
    {
        try
        {
            string real = RealPath.Of(database);
            var file = new FileStream(real + ".lock", DatabaseFiles.Private(FileMode.OpenOrCreate, FileShare.None));
            try
            {
                InodeLock? inode = InodeLock.TryTake(real, out bool isTaken);
                return isTaken
                    ? throw new LogStartException($"{database} is in use by another server under another name.")
                    : new DatabaseLock(file, inode);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LogStartException($"{database} cannot be written: {e.Message}", e);
        }
        catch (IOException e) when (e is not LogStartException)
        {
            throw new LogStartException(
                File.Exists(RealPath.Of(database) + ".lock")
                    ? $"{database} is in use by another server."
                    : $"{database} cannot be locked: {e.Message}",
                e);
        }
    }

    public void Dispose()
    {
        _inode?.Dispose();
        _file.Dispose();
    }
}

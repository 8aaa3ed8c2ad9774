using ErlChat.Log;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Log;

/// <content>Looking at the disk before somebody says something.</content>
internal sealed partial class LogWriter
{
    /// <summary>A write of no more than this takes a page or two.</summary>
    private const int FewBytes = 1024;

    /// <summary>The newest entry at the last look; -1 before the first.</summary>
    private long _checkedAt = -1;

    /// <summary>The highest sequence that was ever given.</summary>
    internal long Newest => Volatile.Read(ref _last);

    /// <summary>Carries a checkpoint out; tests put a failing disk here.</summary>
    internal Func<WriterConnection, WalState> Checkpoint { get; set; } = static connection => connection.Checkpoint();

    /// <summary>Looks at the disk. A disk that does not take a write makes the log unavailable, as an append would.</summary>
    /// <exception cref="SqliteException">The checkpoint failed.</exception>
    /// <exception cref="LogUnavailableException">The writer has ended.</exception>
    internal Task<WalState> CheckAsync(WriterCheck check)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _jobs.Enqueue(check);
                Monitor.Pulse(_gate);
                return check.Task;
            }
        }

        check.Fail(Unavailable(null));
        return check.Task;
    }

    private void Check(WriterCheck check)
    {
        try
        {
            if (check.Write)
                TryWrite(check.Size);
            if (check.Checkpoint && _available && _connection is not null)
                check.State = Checkpoint(_connection);
            check.Succeed();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            check.Fail(e);
        }
    }

    /// <summary>An append since the last look says as much. While the log is unavailable, the disk is tried anyhow.</summary>
    /// <param name="size">The room that more than a few bytes took is given back: tries, one after the other, are not to fill a small
    /// disk.</param>
    private void TryWrite(int size)
    {
        bool isProven = _checkedAt != -1 && _checkedAt != _last;
        _checkedAt = _last;
        if (isProven || _connection is null || !_available)
            return;
        try
        {
            _connection.Begin(synced: true);
            _connection.Connection.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('probe', randomblob($size))", ("$size", size));
            Commit(_connection);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _connection.RollBack();
            BecomeUnavailable(e);
            return;
        }

        if (size > FewBytes)
            GiveBack(_connection);
    }

    private void GiveBack(WriterConnection connection)
    {
        try
        {
            Checkpoint(connection);
        }
        catch (SqliteException)
        {
            // The write has succeeded all the same, which is what was asked.
        }
    }
}

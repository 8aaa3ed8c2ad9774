using ErlChat.Log;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Log;

/// <content>Checks the disk before the next message needs it.</content>
internal sealed partial class LogWriter
{
    /// <summary>A write of up to this many bytes takes a page or two.</summary>
    private const int FewBytes = 1024;

    /// <summary>The newest entry at the last check; -1 before the first check.</summary>
    private long _checkedAt = -1;

    /// <summary>The highest sequence ever assigned.</summary>
    internal long Newest => Volatile.Read(ref _last);

    /// <summary>Runs a checkpoint. Tests replace it with one that fails.</summary>
    internal Func<WriterConnection, WalState> Checkpoint { get; set; } = static connection => connection.Checkpoint();

    /// <summary>Checks the disk. If it refuses a write, the log becomes unavailable, just as after a failed append.</summary>
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

    /// <summary>
    /// Writes to the disk, unless an append since the last check already has. While the log is unavailable, it always writes.
    /// </summary>
    /// <param name="size">Bytes to write. If they are more than a few, their space is freed afterwards, so that repeated checks do not fill
    /// a small disk.</param>
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
            // The write itself succeeded, which is all that was asked.
        }
    }
}

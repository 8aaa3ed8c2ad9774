using ErlChat.Log;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Log;

/// <summary>Appending, and what follows when the disk does not take it.</summary>
internal sealed partial class LogWriter
{
    private void AppendGroup()
    {
        if (_connection is null || !_available)
        {
            Refuse(_group, null);
            return;
        }

        // Sequences of a group that is refused are not given again: nobody can ever mistake one entry for another.
        long first = _last + 1;
        _committed.Clear();
        try
        {
            _connection.Begin(synced: true);
            foreach (WaitingAppend append in _group)
            {
                _connection.Insert(++_last, append.Row);
                _committed.Add(new LogEntry(_last, append.Entry));
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _connection.RollBack();
            BecomeUnavailable(e);
            Refuse(_group, e);
            return;
        }

        try
        {
            Commit(_connection);
        }
        catch (SqliteException e) when (e.LeavesNothing())
        {
            _connection.RollBack();
            BecomeUnavailable(e);
            Refuse(_group, e);
            return;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            (_doubtful, _firstDoubtful) = ([.. _group], first);
            BecomeUnavailable(e);
            Resolve();
            return;
        }

        Accept(_group);
    }

    private void Accept(List<WaitingAppend> group)
    {
        _publish([.. _committed]);
        foreach (WaitingAppend append in group)
            append.TrySetResult();
    }

    private void Refuse(List<WaitingAppend> group, Exception? cause)
    {
        // Also of a group that was in doubt, when the outage may be over already.
        if (!_available)
            _outage.Failed(group.Count);
        foreach (WaitingAppend append in group)
            append.TrySetException(Unavailable(cause));
    }

    private void BecomeUnavailable(Exception cause)
    {
        // A disk's troubles are known by their words; what nobody expected is told with where it came from.
        if (_outage.Failed(0))
            Log.LogUnavailable(_logger, cause.Message, _retryAfter, cause is SqliteException or IOException ? null : cause);
        _available = false;
        _probe.Change(_retryAfter, Timeout.InfiniteTimeSpan);
    }

    private void RequestProbe()
    {
        lock (_gate)
        {
            _probeDue = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Tries the disk with as much as a group of messages takes, and takes entries again when that succeeds.</summary>
    private void Probe()
    {
        try
        {
            if (_connection is null && !Resolve())
                return;
            WriterConnection connection = _connection!;

            // The WAL has every version of a page, the database only the last: bringing one into the other makes room, if there is room for
            // that.
            connection.Connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            connection.Begin(synced: true);
            connection.Connection.Execute(
                "INSERT OR REPLACE INTO meta (key, value) VALUES ('probe', randomblob($size))", ("$size", ProbeSize));
            connection.Commit();
            connection.Connection.Execute("DELETE FROM meta WHERE key = 'probe'");
            _available = true;
            _outage.Succeeded();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _connection?.RollBack();
            BecomeUnavailable(e);
        }
    }

    /// <summary>
    /// Makes certain of a group whose COMMIT failed without saying how far it got: when the frames are in the WAL and only their sync
    /// failed, this process's shared index says that they are not there, while a recovery after a crash would find them. So every
    /// connection is closed, the file is opened as after a crash, and looked into. Until that succeeds the callers wait: to refuse them now
    /// could turn out to be a lie.
    /// </summary>
    private bool Resolve()
    {
        try
        {
            _closeReaders();
            _connection?.Dispose();
            _connection = null;
            _connection = new WriterConnection(_open());
            if (_doubtful is not { } group)
                return true;
            bool found = _connection.Connection.Scalar<long>(
                "SELECT count(*) FROM entry WHERE sequence >= $first", ("$first", _firstDoubtful)) > 0;
            _doubtful = null;
            if (_doubts.Failed())
                Log.DoubtResolved(_logger, group.Count, _firstDoubtful, found);
            if (found)
                Accept(group);
            else
                Refuse(group, null);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _connection?.Dispose();
            _connection = null;
            BecomeUnavailable(e);
            return false;
        }
    }
}

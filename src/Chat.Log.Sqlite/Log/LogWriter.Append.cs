using ErlChat.Log;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Log;

/// <summary>Appends entries, and handles a disk that refuses them.</summary>
internal sealed partial class LogWriter
{
    private void AppendGroup()
    {
        if (_connection is null || !_available)
        {
            Refuse(_group, null);
            return;
        }

        // The sequences of a refused group are never used again, so no reader can mistake one entry for another.
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
        // This also applies to a group whose outcome was in doubt: the outage may already be over.
        if (!_available)
            _outage.Failed(group.Count);
        foreach (WaitingAppend append in group)
            append.TrySetException(Unavailable(cause));
    }

    private void BecomeUnavailable(Exception cause)
    {
        // For a disk failure the message is enough. An unexpected exception is logged with its stack trace.
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

    /// <summary>Writes as much as a group of messages takes. If that succeeds, the log accepts entries again.</summary>
    private void Probe()
    {
        try
        {
            if (_connection is null && !Resolve())
                return;
            WriterConnection connection = _connection!;

            // The WAL holds every version of a page, the database only the last. A checkpoint therefore frees space, if there is enough
            // space to run it.
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
    /// Finds out whether a group was written after its COMMIT failed with an unclear outcome. If its frames are in the WAL and only the
    /// sync failed, the shared index of this process does not list them, but recovery after a crash would find them. So this closes every
    /// connection, opens the file as after a crash, and looks for the entries. The callers wait until that succeeds: an earlier refusal
    /// could turn out to be wrong.
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

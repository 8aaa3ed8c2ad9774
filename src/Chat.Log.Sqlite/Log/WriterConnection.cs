using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Log;

/// <summary>The writer's connection with what it says all the time, prepared.</summary>
/// <remarks>Used by the writer's thread only, but for <see cref="Interrupt"/>.</remarks>
internal sealed class WriterConnection : IDisposable
{
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _insert;
    private readonly Lock _running = new();
    private bool? _synced;
    private bool _mayInterrupt;

    internal WriterConnection(SqliteConnection connection)
    {
        Connection = connection;
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _insert = new Statement(connection, $"INSERT INTO entry ({EntryRows.Columns}) VALUES (?, ?, ?, ?, ?, ?, ?)");
    }

    internal SqliteConnection Connection { get; }

    /// <summary>Begins a transaction; when it is <paramref name="synced"/>, its commit waits for the disk.</summary>
    /// <remarks>Another program's lock makes this wait for as long as the connection's busy timeout, then fail.</remarks>
    internal void Begin(bool synced)
    {
        if (_synced != synced)
        {
            Connection.Execute(synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _synced = synced;
        }

        _begin.Run();
    }

    internal void Commit() => _commit.Run();

    /// <summary>
    /// Brings the WAL into the database and cuts its file; as far as it can without waiting for anybody who reads from it.
    /// </summary>
    internal WalState Checkpoint()
    {
        Connection.Execute("PRAGMA busy_timeout = 0");
        try
        {
            long isHeld = 0;
            RunInterruptibly(connection => isHeld = connection.Scalar<long>("PRAGMA wal_checkpoint(TRUNCATE)"));
            return isHeld == 0 ? WalState.Emptied : WalState.Held;
        }
        finally
        {
            Connection.Execute($"PRAGMA busy_timeout = {FileConnection.BusyTimeout}");
        }
    }

    internal void RollBack()
    {
        try
        {
            Connection.Execute("ROLLBACK");
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // There was none any more, or the connection is of no use, which its next call says.
        }
    }

    internal void Insert(long sequence, EntryRow row) => _insert.Bind(sequence, row).Run();

    /// <summary>Carries out what may take long, and may be interrupted: it fails then with SQLITE_INTERRUPT.</summary>
    internal void RunInterruptibly(Action<SqliteConnection> work)
    {
        lock (_running)
            _mayInterrupt = true;
        try
        {
            work(Connection);
        }
        finally
        {
            lock (_running)
                _mayInterrupt = false;
        }
    }

    /// <summary>Ends what may be interrupted, if something of that kind runs. Thread-safe.</summary>
    internal void Interrupt()
    {
        lock (_running)
        {
            if (_mayInterrupt)
                raw.sqlite3_interrupt(Connection.Handle);
        }
    }

    /// <summary>
    /// Brings the write-ahead log into the database, which takes it away if nobody else has the file open, and disposes. When that is
    /// interrupted, or fails, the log stays: the next start reads it.
    /// </summary>
    internal void Close()
    {
        try
        {
            RunInterruptibly(static connection => connection.Execute("PRAGMA wal_checkpoint(PASSIVE)"));
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // Or it would be begun again by the close, where nothing can interrupt it. Without a handle there is nothing to close any more.
            if (Connection.Handle is not null)
                raw.sqlite3_db_config(Connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        }

        Dispose();
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _insert.Dispose();
        Connection.Dispose();
    }
}

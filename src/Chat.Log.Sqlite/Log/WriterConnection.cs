using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Log;

/// <summary>The writer's connection, with prepared statements for what it does often.</summary>
/// <remarks>Used by the writer's thread only, except for <see cref="Interrupt"/>.</remarks>
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

    /// <summary>Begins a transaction. If it is <paramref name="synced"/>, its commit waits for the disk.</summary>
    /// <remarks>If another program holds the lock, this waits for the connection's busy timeout, then fails.</remarks>
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

    /// <summary>Moves the WAL into the database and truncates it, as far as possible without waiting for its readers.</summary>
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
            // The transaction has already ended, or the connection is broken, which its next call will report.
        }
    }

    internal void Insert(long sequence, EntryRow row) => _insert.Bind(sequence, row).Run();

    /// <summary>Runs work that may take long and can be interrupted. If it is interrupted, it fails with SQLITE_INTERRUPT.</summary>
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

    /// <summary>Interrupts such work if any is running. Thread-safe.</summary>
    internal void Interrupt()
    {
        lock (_running)
        {
            if (_mayInterrupt)
                raw.sqlite3_interrupt(Connection.Handle);
        }
    }

    /// <summary>
    /// Moves the WAL into the database, which deletes the WAL if no other connection has the file open, and disposes the connection. If
    /// this is interrupted or fails, the WAL stays and the next start reads it.
    /// </summary>
    internal void Close()
    {
        try
        {
            RunInterruptibly(static connection => connection.Execute("PRAGMA wal_checkpoint(PASSIVE)"));
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // Otherwise closing would start the checkpoint again, where nothing can interrupt it. Without a handle there is nothing left to
            // close.
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

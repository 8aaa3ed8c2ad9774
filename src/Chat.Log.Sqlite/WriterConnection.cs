using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>The writer's connection with what it says all the time, prepared.</summary>
/// <remarks>Used by the writer's thread only.</remarks>
internal sealed class WriterConnection : IDisposable
{
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _insert;
    private bool? _synced;

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

    internal void Insert(long sequence, EntryRow row) =>
        _insert
            .Bind(1, sequence)
            .Bind(2, row.Kind)
            .Bind(3, row.Origin)
            .Bind(4, row.Counter)
            .Bind(5, row.At)
            .Bind(6, row.Body)
            .Bind(7, EntryChecksum.Of(sequence, row))
            .Run();

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _insert.Dispose();
        Connection.Dispose();
    }
}

using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>A few connections that only read, each used by one reader at a time. Readers see the last committed state and are in nobody's way.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReaderPool(Func<SqliteConnection> open) : IDisposable
{
    // Three searches at the most, and two pages beside them.
    private const int Size = 5;

    private readonly SemaphoreSlim _free = new(Size);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads something. The reading itself blocks its thread for as long as SQLite takes.</summary>
    /// <exception cref="LogUnavailableException">The disk cannot be read, or the database is closed.</exception>
    internal ValueTask<T> UseAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) =>
        UseAsync(connection => new ValueTask<T>(read(connection)), cancellationToken);

    /// <summary>The same on a thread of its own, for what may take long.</summary>
    /// <inheritdoc cref="UseAsync{T}(Func{SqliteConnection, T}, CancellationToken)" path="/exception"/>
    internal ValueTask<T> UseOnThreadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) => UseAsync(
        connection => new ValueTask<T>(Task.Factory.StartNew(() => read(connection), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        cancellationToken);

    private async ValueTask<T> UseAsync<T>(Func<SqliteConnection, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        SqliteConnection? connection = null;
        try
        {
            if (_closed)
                throw new LogUnavailableException("The log is closed.");
            if (!_idle.TryTake(out connection))
                connection = open();
            T result = await read(connection);
            _idle.Add(connection);
            return result;
        }
        catch (Exception e)
        {
            // Whatever it was: a connection that nobody gives back would keep the file open.
            connection?.Dispose();
            if (e is SqliteException)
                throw new LogUnavailableException($"The log cannot be read: {e.Message}", e);
            throw;
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the connections that nobody uses: what they remember of the tables is not so any more.</summary>
    internal void Renew()
    {
        while (_idle.TryTake(out SqliteConnection? connection))
            connection.Dispose();
    }

    /// <summary>Waits for the readers and closes their connections; later readers open new ones. Blocks: for the writer's thread.</summary>
    internal void CloseAll()
    {
        for (int i = 0; i < Size; i++)
            _free.Wait();
        while (_idle.TryTake(out SqliteConnection? connection))
            connection.Dispose();
        _free.Release(Size);
    }

    /// <summary>Closes it for good. The semaphore stays, since the writer ends later and may have reason to call <see cref="CloseAll"/> once more.</summary>
    public void Dispose()
    {
        _closed = true;
        CloseAll();
    }
}

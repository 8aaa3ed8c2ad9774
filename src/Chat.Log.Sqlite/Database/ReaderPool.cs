using ErlChat.Log;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// A few read-only connections, each used by one reader at a time. Readers see the last committed state and block no one.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="time">The clock that limits reads.</param>
/// <param name="limit">How long a read may take if it has no limit of its own; null for no limit. While a read runs, the WAL can only
/// grow.</param>
internal sealed class ReaderPool(Func<SqliteConnection> open, TimeProvider? time = null, TimeSpan? limit = null) : IDisposable
{
    /// <summary>Steps of SQLite's virtual machine between two checks of the clock: about 0.2 ms.</summary>
    private const int Steps = 10_000;

    // At most three searches and two pages of history at the same time.
    private const int Size = 5;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interruptAgain = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _free = new(Size);
    private readonly Lock _gate = new();
    private readonly Lock _closing = new();
    private readonly Stack<SqliteConnection> _idle = [];

    /// <summary>The connections in use, so that a close can interrupt them.</summary>
    private readonly HashSet<SqliteConnection> _busy = [];

    /// <summary>Rises when the connections in use must not be used again.</summary>
    private int _generation;
    private volatile bool _closed;

    /// <summary>
    /// Called with the outcome of each read: null for success. It is not called for searches that may have failed because of a damaged
    /// index, which is rebuilt, nor for reads that <see cref="Close"/> interrupted. It must be thread-safe and must not throw.
    /// </summary>
    internal Action<SqliteException?> Ended { get; set; } = static _ => { };

    /// <summary>Runs a read, which blocks its thread for as long as SQLite takes.</summary>
    /// <exception cref="LogUnavailableException">The disk cannot be read, or the database is closed.</exception>
    internal ValueTask<T> UseAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) =>
        UseAsync(connection => new ValueTask<T>(Bounded(connection, read)), isSearch: false, cancellationToken);

    /// <summary>
    /// Takes all places, so that no read runs until the result is disposed; null if a read is still running after
    /// <paramref name="patience"/>.
    /// </summary>
    internal async Task<IDisposable?> TryHoldAllAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        TimeProvider clock = time ?? TimeProvider.System;
        long started = clock.GetTimestamp();
        var places = new HeldPlaces(_free);
        try
        {
            for (; places.Count < Size; places.Count++)
            {
                TimeSpan left = patience - clock.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !await _free.WaitAsync(left, cancellationToken))
                {
                    places.Dispose();
                    return null;
                }
            }

            return places;
        }
        catch
        {
            places.Dispose();
            throw;
        }
    }

    /// <summary>Does the same on its own thread, for a read that may take long.</summary>
    /// <inheritdoc cref="UseAsync{T}(Func{SqliteConnection, T}, CancellationToken)" path="/exception"/>
    internal ValueTask<T> UseOnThreadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) => UseAsync(
        connection => new ValueTask<T>(
            Task.Factory.StartNew(() => read(connection), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        isSearch: true,
        cancellationToken);

    private async ValueTask<T> UseAsync<T>(Func<SqliteConnection, ValueTask<T>> read, bool isSearch, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        SqliteConnection? connection = null;
        try
        {
            if (_closed)
                throw new LogUnavailableException("The log is closed.");
            int generation;
            lock (_gate)
            {
                generation = _generation;
                _idle.TryPop(out connection);
            }

            connection ??= open();
            lock (_gate)
                _busy.Add(connection);
            T result = await read(connection);
            Ended(null);
            if (!TryGiveBack(connection, generation))
                connection.Dispose();
            return result;
        }
        catch (Exception e)
        {
            // Whatever the exception was, the connection must be returned, or it would keep the file open.
            if (connection is not null)
                End(connection);
            if (e is not SqliteException failure)
                throw;
            bool isClosed = _closed && failure.SqliteErrorCode == raw.SQLITE_INTERRUPT;
            if (!isClosed && (!isSearch || !failure.MayBeOfSearchIndex()))
                Ended(failure);
            throw new LogUnavailableException(WhyUnavailable(failure), e);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the connections, and those in use once they are returned: their cached view of the tables is out of date.</summary>
    internal void Renew()
    {
        SqliteConnection[] idle;
        lock (_gate)
        {
            _generation++;
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (SqliteConnection connection in idle)
            connection.Dispose();
    }

    /// <summary>
    /// Waits for the readers and closes their connections. Later readers open new ones. Blocks, so call it on the writer's thread.
    /// </summary>
    internal void CloseAll()
    {
        // Only one caller at a time, or two could wait for each other's places.
        lock (_closing)
        {
            for (int i = 0; i < Size; i++)
                _free.Wait();
            Renew();
            _free.Release(Size);
        }
    }

    /// <summary>
    /// Closes the pool permanently, however long its readers take. The semaphore stays, since the writer ends later and may have to call
    /// <see cref="CloseAll"/> once more.
    /// </summary>
    public void Dispose() => Close(s_patience);

    /// <summary>
    /// Does the same within a time limit. Running reads, such as a search or a copy of the database, are interrupted and fail. Returns
    /// false if one has still not ended.
    /// </summary>
    internal bool Close(TimeSpan limit)
    {
        _closed = true;
        long started = TimeProvider.System.GetTimestamp();
        int free = 0;
        while (free < Size)
        {
            // Interrupts repeatedly: a reader may have begun its next statement.
            Interrupt();
            if (_free.Wait(s_interruptAgain))
                free++;
            else if (TimeProvider.System.GetElapsedTime(started) > limit)
                break;
        }

        Renew();
        if (free > 0)
            _free.Release(free);
        return free == Size;
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            foreach (SqliteConnection connection in _busy)
                raw.sqlite3_interrupt(connection.Handle);
        }
    }

    private void End(SqliteConnection connection)
    {
        lock (_gate)
            _busy.Remove(connection);
        connection.Dispose();
    }

    private string WhyUnavailable(SqliteException failure) => failure.SqliteErrorCode != raw.SQLITE_INTERRUPT
        ? $"The log cannot be read: {failure.Message}"
        : _closed ? "The log is closed." : $"A read took longer than {limit}.";

    private T Bounded<T>(SqliteConnection connection, Func<SqliteConnection, T> read)
    {
        if (time is null || limit is not { } most)
            return read(connection);
        long started = time.GetTimestamp();
        raw.sqlite3_progress_handler(connection.Handle, Steps, _ => time.GetElapsedTime(started) > most ? 1 : 0, null);
        try
        {
            return read(connection);
        }
        finally
        {
            raw.sqlite3_progress_handler(connection.Handle, 0, null, null);
        }
    }

    private bool TryGiveBack(SqliteConnection connection, int generation)
    {
        lock (_gate)
        {
            _busy.Remove(connection);
            if (generation != _generation)
                return false;
            _idle.Push(connection);
            return true;
        }
    }

    private sealed class HeldPlaces(SemaphoreSlim free) : IDisposable
    {
        internal int Count { get; set; }

        public void Dispose()
        {
            if (Count > 0)
                free.Release(Count);
            Count = 0;
        }
    }
}

using ErlChat.History;
using ErlChat.Log;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.History;

/// <summary>
/// Schedules searches. Each first gets a short time, two at a time. A search that does not finish is started again in a second lane, where
/// one at a time may take longer. So a search that takes milliseconds never waits behind those that take seconds, however many there are.
/// Searches run on their own threads, since a search blocks its thread and the chat needs those of the pool.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="timeout">How long a search may take, including the wait for its turn.</param>
internal sealed class SearchLanes(ReaderPool readers, TimeProvider time, TimeSpan timeout) : IDisposable
{
    /// <summary>Steps of SQLite's virtual machine between two checks of the clock: about 20 µs.</summary>
    private const int Steps = 1000;

    private static readonly TimeSpan s_quickTry = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _quick = new(2);
    private readonly SemaphoreSlim _slow = new(1);

    /// <exception cref="SearchTooSlowException">The search did not finish in time.</exception>
    /// <exception cref="LogUnavailableException">The database cannot be read.</exception>
    internal async ValueTask<T> RunAsync<T>(Func<SqliteConnection, T> search, CancellationToken cancellationToken)
        where T : class
    {
        long started = time.GetTimestamp();
        return await TryAsync(_quick, s_quickTry, search, started, cancellationToken)
            ?? await TryAsync(_slow, timeout, search, started, cancellationToken)
            ?? throw new SearchTooSlowException();
    }

    public void Dispose()
    {
        _quick.Dispose();
        _slow.Dispose();
    }

    /// <summary>Runs one attempt; null if it did not finish in time.</summary>
    private async ValueTask<T?> TryAsync<T>(
        SemaphoreSlim lane, TimeSpan most, Func<SqliteConnection, T> search, long started, CancellationToken cancellationToken)
        where T : class
    {
        // The clock is read once for each decision: between two readings the time may run out.
        TimeSpan left = Left();
        if (left <= TimeSpan.Zero || !await lane.WaitAsync(left, cancellationToken))
            return null;
        try
        {
            left = Left();
            if (left <= TimeSpan.Zero)
                return null;
            TimeSpan limit = most < left ? most : left;
            return await readers.UseOnThreadAsync(
                connection => Interruptible(connection, search, limit, cancellationToken), cancellationToken);
        }
        finally
        {
            lane.Release();
        }

        TimeSpan Left() => timeout - time.GetElapsedTime(started);
    }

    private T? Interruptible<T>(
        SqliteConnection connection, Func<SqliteConnection, T> search, TimeSpan limit, CancellationToken cancellationToken)
        where T : class
    {
        long started = time.GetTimestamp();
        bool isOver = false;
        raw.sqlite3_progress_handler(
            connection.Handle,
            Steps,
            _ => (isOver = time.GetElapsedTime(started) > limit || cancellationToken.IsCancellationRequested) ? 1 : 0,
            null);
        try
        {
            return search(connection);
        }
        catch (SqliteException e) when (isOver && e.SqliteErrorCode is raw.SQLITE_INTERRUPT or raw.SQLITE_ABORT)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
        finally
        {
            raw.sqlite3_progress_handler(connection.Handle, 0, null, null);
        }
    }
}

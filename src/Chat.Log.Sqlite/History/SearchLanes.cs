using ErlChat.History;
using ErlChat.Log;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.History;

/// <summary>
/// Runs searches in the order of a <see cref="SearchQueue"/>, two of them in the quick lane, and interrupts those that take too long. They
/// run on their own threads, since a search blocks its thread and the chat needs those of the pool.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="timeout">How long a search may take, including the wait for its turn.</param>
internal sealed class SearchLanes(ReaderPool readers, TimeProvider time, TimeSpan timeout) : IDisposable
{
    /// <summary>Steps of SQLite's virtual machine between two checks of the clock: about 20 µs.</summary>
    private const int Steps = 1000;

    private readonly SearchQueue _queue = new(2, TimeSpan.FromMilliseconds(50), timeout, time);

    /// <exception cref="SearchTooSlowException">The search did not finish in time.</exception>
    /// <exception cref="LogUnavailableException">The database cannot be read.</exception>
    internal ValueTask<T> RunAsync<T>(Func<SqliteConnection, T> search, CancellationToken cancellationToken)
        where T : class =>
        _queue.RunAsync(
            limit => readers.UseOnThreadAsync(
                connection => Interruptible(connection, search, limit, cancellationToken), cancellationToken),
            cancellationToken);

    public void Dispose() => _queue.Dispose();

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

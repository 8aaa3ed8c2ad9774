using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// Allows a long statement to be cancelled, and reports regularly that it is still running. Dispose it before the connection.
/// </summary>
/// <remarks>An interrupted statement fails with an SQLite exception, which <see cref="Execute"/> turns into a cancellation.</remarks>
internal sealed class Interruption : IDisposable
{
    /// <summary>Steps of SQLite's virtual machine between two calls: about 1 ms.</summary>
    private const int Steps = 20_000;

    private readonly SqliteConnection _connection;
    private readonly CancellationToken _cancelled;
    private readonly Action? _atWork;
    private ExceptionDispatchInfo? _failure;

    /// <param name="atWork">Called regularly while the statement runs. If it throws, the statement is cancelled.</param>
    internal Interruption(SqliteConnection connection, CancellationToken cancelled, Action? atWork = null)
    {
        (_connection, _cancelled, _atWork) = (connection, cancelled, atWork);
        raw.sqlite3_progress_handler(connection.Handle, Steps, _ => IsGivenUp() ? 1 : 0, null);
    }

    /// <summary>Runs a statement.</summary>
    /// <exception cref="OperationCanceledException">The statement was cancelled.</exception>
    /// <exception cref="Exception">The exception that the progress callback threw.</exception>
    internal void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _cancelled.ThrowIfCancellationRequested();
        try
        {
            _connection.Execute(sql, parameters);
        }
        catch (SqliteException)
        {
            ThrowIfGivenUp();
            throw;
        }
    }

    /// <summary>Turns SQLite's interruption error into the exception that caused it.</summary>
    internal void ThrowIfGivenUp()
    {
        _cancelled.ThrowIfCancellationRequested();
        _failure?.Throw();
    }

    /// <summary>SQLite calls this from native code. An exception that escaped into it would end the process.</summary>
    private bool IsGivenUp()
    {
        try
        {
            _atWork?.Invoke();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
        }

        return _failure is not null || _cancelled.IsCancellationRequested;
    }

    public void Dispose() => raw.sqlite3_progress_handler(_connection.Handle, 0, null, null);
}

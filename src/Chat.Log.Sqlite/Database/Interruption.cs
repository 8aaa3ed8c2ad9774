using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>Lets a long statement be given up, and says now and then that it is still at work. Dispose it before the connection.</summary>
/// <remarks>What it interrupts fails with an exception of SQLite, which <see cref="Execute"/> turns into a cancellation.</remarks>
internal sealed class Interruption : IDisposable
{
    /// <summary>Steps of SQLite's machine between two looks: about 1 ms.</summary>
    private const int Steps = 20_000;

    private readonly SqliteConnection _connection;
    private readonly CancellationToken _cancelled;
    private readonly Action? _atWork;
    private ExceptionDispatchInfo? _failure;

    /// <param name="atWork">Called now and then. What it throws gives the statement up.</param>
    internal Interruption(SqliteConnection connection, CancellationToken cancelled, Action? atWork = null)
    {
        (_connection, _cancelled, _atWork) = (connection, cancelled, atWork);
        raw.sqlite3_progress_handler(connection.Handle, Steps, _ => IsGivenUp() ? 1 : 0, null);
    }

    /// <summary>Runs a statement.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <exception cref="Exception">What the call at work threw.</exception>
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

    /// <summary>Turns what SQLite says of an interruption into what was behind it.</summary>
    internal void ThrowIfGivenUp()
    {
        _cancelled.ThrowIfCancellationRequested();
        _failure?.Throw();
    }

    /// <summary>SQLite calls this: an exception that got through to it would end the process, which may be a server.</summary>
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

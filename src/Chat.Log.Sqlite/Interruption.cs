using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite;

/// <summary>Lets a long statement be given up, and says now and then that it is still at work. Dispose it before the connection.</summary>
/// <remarks>What it interrupts fails with an exception of SQLite, which <see cref="Execute"/> turns into a cancellation.</remarks>
internal sealed class Interruption : IDisposable
{
    /// <summary>Steps of SQLite's machine between two looks: about 1 ms.</summary>
    private const int Steps = 20_000;

    private readonly SqliteConnection _connection;
    private readonly CancellationToken _cancelled;

    internal Interruption(SqliteConnection connection, CancellationToken cancelled, Action? atWork = null)
    {
        (_connection, _cancelled) = (connection, cancelled);
        raw.sqlite3_progress_handler(
            connection.Handle,
            Steps,
            _ =>
            {
                atWork?.Invoke();
                return cancelled.IsCancellationRequested ? 1 : 0;
            },
            null);
    }

    /// <summary>Runs a statement.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    internal void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _cancelled.ThrowIfCancellationRequested();
        try
        {
            _connection.Execute(sql, parameters);
        }
        catch (SqliteException) when (_cancelled.IsCancellationRequested)
        {
            throw new OperationCanceledException(_cancelled);
        }
    }

    public void Dispose() => raw.sqlite3_progress_handler(_connection.Handle, 0, null, null);
}

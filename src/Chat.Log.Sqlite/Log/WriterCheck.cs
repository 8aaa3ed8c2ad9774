using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Log;

/// <summary>
/// Checks, on the writer's thread and outside a transaction, whether the disk accepts writes and whether the WAL can be moved into the
/// database.
/// </summary>
/// <param name="write">Whether to write if nothing was appended since the last check.</param>
/// <param name="size">The number of bytes to write in that case.</param>
/// <param name="checkpoint">Whether to move the WAL into the database, as far as no reader still needs it.</param>
internal sealed class WriterCheck(bool write, int size, bool checkpoint) : WriterJob
{
    private readonly TaskCompletionSource<WalState> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool Write => write;

    internal int Size => size;

    internal bool Checkpoint => checkpoint;

    internal Task<WalState> Task => _done.Task;

    /// <summary>The result of the checkpoint.</summary>
    internal WalState State { get; set; }

    internal override void Run(SqliteConnection connection) => throw new InvalidOperationException("A look is no part of a transaction.");

    internal override void Succeed() => _done.TrySetResult(State);

    internal override void Fail(Exception exception) => _done.TrySetException(exception);
}

/// <summary>The result of a checkpoint.</summary>
internal enum WalState
{
    /// <summary>No checkpoint was requested, or none could be tried.</summary>
    Unknown,

    /// <summary>All of the WAL is in the database, and its file was cut.</summary>
    Emptied,

    /// <summary>Another connection is reading from the WAL or writing to it.</summary>
    Held,
}

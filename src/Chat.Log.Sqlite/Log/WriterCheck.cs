using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Log;

/// <summary>
/// A look at the disk from the writer's thread, outside a transaction: whether it takes writes, and whether the WAL can be brought into
/// the database.
/// </summary>
/// <param name="write">Whether to write something if nothing was appended since the last look.</param>
/// <param name="size">Bytes to write then.</param>
/// <param name="checkpoint">Whether to bring the WAL into the database, as far as nobody reads from it.</param>
internal sealed class WriterCheck(bool write, int size, bool checkpoint) : WriterJob
{
    private readonly TaskCompletionSource<WalState> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool Write => write;

    internal int Size => size;

    internal bool Checkpoint => checkpoint;

    internal Task<WalState> Task => _done.Task;

    /// <summary>What the checkpoint came to.</summary>
    internal WalState State { get; set; }

    internal override void Run(SqliteConnection connection) => throw new InvalidOperationException("A look is no part of a transaction.");

    internal override void Succeed() => _done.TrySetResult(State);

    internal override void Fail(Exception exception) => _done.TrySetException(exception);
}

/// <summary>What a checkpoint came to.</summary>
internal enum WalState
{
    /// <summary>None was asked for, or none could be tried.</summary>
    Unknown,

    /// <summary>All of the WAL is in the database, and its file was cut.</summary>
    Emptied,

    /// <summary>Somebody reads from the WAL, or writes.</summary>
    Held,
}

using ErlChat.Log;
using ErlChat.Serialization;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Log;

/// <summary>Work on the writer's connection that is not an append. It must be short, since appends wait for it.</summary>
internal abstract class WriterJob
{
    /// <summary>Whether the commit waits for the disk, so that the result survives a power failure.</summary>
    internal bool Synced { get; init; }

    /// <summary>Does the work, inside a transaction that the writer begins and commits.</summary>
    internal abstract void Run(SqliteConnection connection);

    internal abstract void Succeed();

    internal abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class WriterJob<T>(Func<SqliteConnection, T> work) : WriterJob
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    internal Task<T> Task => _done.Task;

    internal override void Run(SqliteConnection connection) => _result = work(connection);

    internal override void Succeed() => _done.TrySetResult(_result);

    internal override void Fail(Exception exception) => _done.TrySetException(exception);
}


/// <summary>An entry on its way into the file. The task completes when it is there.</summary>
internal sealed class WaitingAppend(Entry entry, EntryRow row) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The entry that readers get: the same as a replay of <see cref="Row"/> would give.</summary>
    internal Entry Entry { get; } = entry;

    internal EntryRow Row { get; } = row;
}

using ErlChat.Log;

namespace ErlChat.Sqlite;

/// <summary>An entry on its way into the file, and whoever waits for it to be there.</summary>
internal sealed class WaitingAppend(Entry entry, EntryRow row) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>What readers get: the same as a replay of <see cref="Row"/> would give.</summary>
    internal Entry Entry { get; } = entry;

    internal EntryRow Row { get; } = row;
}

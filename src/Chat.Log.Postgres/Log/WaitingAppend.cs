using ErlChat.Serialization;

namespace ErlChat.Postgres.Log;

/// <summary>An append that has no answer yet.</summary>
internal sealed class WaitingAppend(EntryRow row) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal EntryRow Row { get; } = row;
}

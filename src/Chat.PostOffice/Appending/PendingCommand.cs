using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Outcomes;

namespace ErlChat.Appending;

/// <summary>
/// A command that has been issued, and its caller's pending answer. Continuations run on the thread pool, because the thread that follows
/// the log must not run the callers' code.
/// </summary>
internal sealed class PendingCommand(Entry entry, Activity? trace)
    : TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal Entry Entry { get; } = entry;

    /// <summary>The command's span; null if it is not traced.</summary>
    internal Activity? Trace { get; } = trace;
}

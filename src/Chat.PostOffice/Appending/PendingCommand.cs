using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Outcomes;

namespace ErlChat.Appending;

/// <summary>
/// A command under way, and its caller's pending answer. Callers continue on the pool: the thread that follows the log must not run their
/// code.
/// </summary>
internal sealed class PendingCommand(Entry entry, Activity? trace)
    : TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal Entry Entry { get; } = entry;

    /// <summary>Its span; null when it is not traced.</summary>
    internal Activity? Trace { get; } = trace;
}

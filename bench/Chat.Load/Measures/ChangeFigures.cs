using System.Globalization;

namespace ErlChat.Load.Measures;

/// <summary>
/// The result of edits and reactions. Latency is in milliseconds from the time at which a change should have been sent until a listener had
/// it.
/// </summary>
internal sealed record ChangeFigures
{
    internal required ChangePlan Plan { get; init; }

    /// <summary>Items per second, at all listeners together, while changes were being sent. Reactions come several to an item.</summary>
    internal required double Delivered { get; init; }

    internal required double ReactionsPerItem { get; init; }

    internal required double MedianOfEdits { get; init; }

    internal required double LateOfEdits { get; init; }

    internal required double MedianOfReactions { get; init; }

    internal required double LateOfReactions { get; init; }

    /// <summary>Microseconds of the server's CPU per item.</summary>
    internal required double Cpu { get; init; }

    internal required long Lost { get; init; }

    internal required long Repeated { get; init; }

    internal required long Reordered { get; init; }

    /// <summary>
    /// Messages that do not have the right text and number of reactions in the end: each counts once for every listener, and once for the
    /// server's history.
    /// </summary>
    internal required long Wrong { get; init; }

    /// <summary>All faults together. 0 when each listener was told of each change once, and ended with what the history has.</summary>
    internal long Faults => Lost + Repeated + Reordered + Wrong;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Plan.Reactions:N0} reactions and {Plan.Edits:N0} edits in {Plan.Time.TotalSeconds:F0} s to {Plan.Listeners:N0}: "
        + $"delivered {Delivered:F0} items/s, {ReactionsPerItem:F0} reactions an item; "
        + $"edits p50 {MedianOfEdits:F1} ms, p99 {LateOfEdits:F1} ms; "
        + $"reactions p50 {MedianOfReactions:F1} ms, p99 {LateOfReactions:F1} ms; "
        + $"CPU {Cpu:F1} µs an item; lost {Lost}, repeated {Repeated}, reordered {Reordered}, wrong in the end {Wrong}");
}

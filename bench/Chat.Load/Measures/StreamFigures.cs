namespace ErlChat.Load.Measures;

/// <summary>
/// The result of a stream of messages. Latency is in milliseconds from the time at which a message should have been sent.
/// </summary>
internal sealed record StreamFigures
{
    internal required double Rate { get; init; }

    /// <summary>The deliveries per second if every message were delivered at once.</summary>
    internal required double Wanted { get; init; }

    /// <summary>Deliveries per second while messages were being sent.</summary>
    internal required double Delivered { get; init; }

    internal required double Median { get; init; }

    internal required double Late { get; init; }

    internal required double Longest { get; init; }

    internal required double ItemsPerAnswer { get; init; }

    /// <summary>Microseconds of the server's CPU per delivery.</summary>
    internal required double Cpu { get; init; }

    internal required long Lost { get; init; }

    internal required long Repeated { get; init; }

    internal required long Reordered { get; init; }

    /// <summary>Messages that reached a listener that is not in their room.</summary>
    internal required long Astray { get; init; }

    /// <summary>The number of listeners that the server turned away. <see cref="DropReason"/> is the reason given to the first.</summary>
    internal required int Dropped { get; init; }

    internal required string? DropReason { get; init; }

    /// <summary>All faults together. 0 when each listener received each of its messages once and in order.</summary>
    internal long Faults => Lost + Repeated + Reordered + Astray + Dropped;

    public override string ToString() =>
        $"{Rate:F0}/s: delivered {Delivered:F0}/s of {Wanted:F0}; latency p50 {Median:F1} ms, p99 {Late:F1} ms, longest {Longest:F0} ms; "
        + $"{ItemsPerAnswer:F2} messages an answer; "
        + $"CPU {Cpu:F1} µs a delivery; lost {Lost}, repeated {Repeated}, reordered {Reordered}, astray {Astray}"
        + $"{(Dropped > 0 ? $"; {Dropped} turned away: {DropReason}" : "")}";
}

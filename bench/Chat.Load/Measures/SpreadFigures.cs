using System.Globalization;

namespace ErlChat.Load.Measures;

/// <summary>What nodes with parked polls did.</summary>
/// <param name="FanOut">Single messages to all polls.</param>
/// <param name="Used">The CPU that these took, without that of an idle cluster.</param>
/// <param name="Idle">The CPU of the idle cluster.</param>
internal sealed record SpreadFigures(FanOutFigures FanOut, ClusterCpu Used, ClusterCpu Idle)
{
    /// <summary>The figures at each rate.</summary>
    internal List<StreamCpu> Streams { get; } = [];

    /// <summary>Microseconds of all nodes' CPU per delivery.</summary>
    internal double Delivery => Used.AllNodes.TotalMicroseconds / FanOut.Rounds / FanOut.Listeners;

    /// <summary>Milliseconds of CPU per message, of the node that used most.</summary>
    internal double BusiestNode => Used.BusiestNode.TotalMilliseconds / FanOut.Rounds;

    /// <summary>
    /// The deliveries a second at which the busiest node would use this many cores, if nothing else had to be done on them. Computed.
    /// </summary>
    internal double DeliveriesOn(int cores) => cores * FanOut.Listeners * 1000.0 / BusiestNode;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{FanOut}; without idling {Delivery:F1} µs a delivery, {BusiestNode:F1} ms a message on the busiest node");
}

using System.Globalization;

namespace ErlChat.Load.Measures;

/// <summary>What sessions cost a node that does not serve them.</summary>
/// <param name="Weight">The memory for all of them together.</param>
/// <param name="Cpu">Microseconds of that node's CPU per message to all of them.</param>
/// <param name="HomeCpu">The same of the node that serves them, while none of them polls.</param>
internal sealed record ElsewhereFigures(int Sessions, Weight Weight, double Cpu, double HomeCpu)
{
    internal double PrivateBytes => (double)Weight.Private / Sessions;

    internal double? HeapBytes => (double?)Weight.Heap / Sessions;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Sessions:N0} sessions elsewhere: {PrivateBytes:F0} bytes each{(HeapBytes is { } heap ? $" (GC heap {heap:F0})" : "")}, "
        + $"CPU {Cpu:F0} µs a message, {HomeCpu:F0} µs on their own node");
}

using System.Globalization;

namespace ErlChat.Load.Measures;

/// <summary>A stream of messages, and the CPU that it took on the parts of a cluster, without that of an idle one.</summary>
/// <param name="Messages">How many messages were sent.</param>
internal sealed record StreamCpu(StreamFigures Figures, int Messages, ClusterCpu Used)
{
    /// <summary>Microseconds of the database's CPU per message.</summary>
    internal double Database => Used.Database.TotalMicroseconds / Messages;

    /// <summary>Microseconds of CPU per message, of all nodes together.</summary>
    internal double Nodes => Used.AllNodes.TotalMicroseconds / Messages;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Figures}; PostgreSQL {Database:F0} µs a message, nodes {Nodes:F0} µs a message");
}

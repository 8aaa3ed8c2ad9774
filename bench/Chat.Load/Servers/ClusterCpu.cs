namespace ErlChat.Load.Servers;

/// <summary>CPU time: of each node, of their database, and of this tool.</summary>
/// <param name="Time">The time that passed meanwhile.</param>
internal sealed record ClusterCpu(IReadOnlyList<TimeSpan> Nodes, TimeSpan Database, TimeSpan Client, TimeSpan Time)
{
    internal TimeSpan AllNodes => Nodes.Aggregate(TimeSpan.Zero, static (sum, node) => sum + node);

    internal TimeSpan BusiestNode => Nodes.Max();

    /// <summary>The CPU time between two readings.</summary>
    internal ClusterCpu Since(ClusterCpu before) => new(
        [.. Nodes.Zip(before.Nodes, static (now, then) => now - then)],
        Database - before.Database,
        Client - before.Client,
        Time - before.Time);

    /// <summary>
    /// Without what the nodes and the database use in as much time when nothing happens: heartbeats, and looks at the log.
    /// </summary>
    internal ClusterCpu Without(ClusterCpu idle)
    {
        double share = Time / idle.Time;
        return this with
        {
            Nodes = [.. Nodes.Zip(idle.Nodes, (node, nothing) => Positive(node - nothing * share))],
            Database = Positive(Database - idle.Database * share),
        };
    }

    /// <summary>The lesser of two for each part, as if both had taken as long as this one.</summary>
    internal ClusterCpu LeastOf(ClusterCpu other)
    {
        double share = Time / other.Time;
        return this with
        {
            Nodes = [.. Nodes.Zip(other.Nodes, (one, another) => Lesser(one, another * share))],
            Database = Lesser(Database, other.Database * share),
        };
    }

    private static TimeSpan Lesser(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}

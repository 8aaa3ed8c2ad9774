namespace ErlChat.Postgres.Nodes;

/// <summary>
/// Follows the other nodes' heartbeats from one of this node's own to the next. Only time in which this node itself reached the database
/// counts as silence: after a fail-over all rows are old, and nobody is dead.
/// </summary>
/// <remarks>Not thread-safe: used by the heartbeat alone.</remarks>
internal sealed class NodeWatch(NodeTimes times, string self, string origin)
{
    private Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes in what a heartbeat brought.</summary>
    /// <param name="rows">All runs, the oldest first.</param>
    /// <param name="sinceLast">The time since this node's last heartbeat that succeeded.</param>
    /// <returns>The picture, and the runs to declare dead.</returns>
    internal (NodePicture Picture, IReadOnlyList<NodeRow> Over) Look(IReadOnlyList<NodeRow> rows, TimeSpan sinceLast)
    {
        TimeSpan step = sinceLast <= times.LongestStep ? sinceLast : TimeSpan.Zero;
        var seen = new Dictionary<string, Seen>(StringComparer.Ordinal);
        foreach (NodeRow row in rows)
        {
            seen[row.Origin] = _seen.TryGetValue(row.Origin, out Seen? before) && before.Beat == row.Beat
                ? before with { Silence = before.Silence + step, Misses = before.Misses + 1 }
                : new Seen(row.Beat, row.Age < times.Beat ? row.Age : times.Beat, 0);
        }

        _seen = seen;
        NodeRow[] over =
        [
            .. rows.Where(row => !row.IsClosed && row.Origin != origin && seen[row.Origin].Misses >= NodeTimes.BeatsOfLease),
        ];
        return (new NodePicture(times, self, origin, [.. rows.Select(row => (row, seen[row.Origin].Silence))]), over);
    }

    /// <param name="Beat">The last heartbeat that was seen.</param>
    /// <param name="Silence">How long none has come since.</param>
    /// <param name="Misses">In how many of this node's own heartbeats none had come.</param>
    private sealed record Seen(DateTimeOffset Beat, TimeSpan Silence, int Misses);
}

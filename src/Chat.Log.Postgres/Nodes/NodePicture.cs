using System.Collections.Frozen;
using ErlChat.Nodes;

namespace ErlChat.Postgres.Nodes;

/// <summary>What one heartbeat brought about all nodes. Immutable.</summary>
internal sealed class NodePicture
{
    private readonly NodeTimes _times;
    private readonly string _self;
    private readonly string _origin;
    private readonly (NodeRow Row, TimeSpan Silence)[] _newest;
    private readonly FrozenSet<string> _kinds;

    /// <param name="times">The times.</param>
    /// <param name="self">This node's name.</param>
    /// <param name="origin">This run of it.</param>
    /// <param name="rows">All runs, the oldest first, each with how long it has been silent.</param>
    internal NodePicture(NodeTimes times, string self, string origin, IReadOnlyCollection<(NodeRow Row, TimeSpan Silence)> rows)
    {
        (_times, _self, _origin) = (times, self, origin);

        // Of the runs of a node, the open one counts, otherwise the last one.
        _newest =
        [
            .. rows.GroupBy(one => one.Row.Name, StringComparer.Ordinal)
                .Select(runs => runs.LastOrDefault(one => !one.Row.IsClosed, runs.Last()))
                .OrderBy(one => one.Row.Name != self)
                .ThenBy(one => one.Row.Name, StringComparer.Ordinal),
        ];
        _kinds = rows.Where(one => !one.Row.IsClosed)
            .Select(one => one.Row.Kinds.AsEnumerable())
            .DefaultIfEmpty([])
            .Aggregate(Enumerable.Intersect)
            .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Whether this node's own run is open.</summary>
    internal bool IsOpen => _newest is [{ Row: var own }, ..] && own.Origin == _origin && !own.IsClosed;

    /// <summary>Whether another run has this node's name.</summary>
    internal bool IsTaken => _newest is [{ Row: var own }, ..] && own.Name == _self && own.Origin != _origin && !own.IsClosed;

    /// <summary>Whether all nodes that may come back know a kind of entry.</summary>
    internal bool AllKnow(string kind) => _kinds.Contains(kind);

    /// <summary>Whether there is or was lately a node with this name.</summary>
    internal bool Knows(string node) => Array.Exists(_newest, one => one.Row.Name == node);

    /// <summary>
    /// Whether a node has been declared dead, or has stopped as long ago as a lease lasts, or is unknown. Time does not make a node dead
    /// between two heartbeats of this node's own, except one that has stopped.
    /// </summary>
    /// <param name="elapsed">How long ago the heartbeat was.</param>
    internal bool IsDead(string node, TimeSpan elapsed)
    {
        if (node == _self)
            return false;
        (NodeRow? row, _) = Array.Find(_newest, one => one.Row.Name == node);
        return row is null || (row.IsClosed && (!row.HasStopped || row.Age + elapsed >= _times.Lease));
    }

    /// <summary>
    /// The nodes, this one first: those that may come back, and those that were declared dead within the last hour. A node that stopped by
    /// itself is not listed.
    /// </summary>
    /// <inheritdoc cref="IsDead" path="/param"/>
    internal IEnumerable<NodeView> Views(TimeSpan elapsed)
    {
        // No more than one heartbeat's time: what is missing after that is this node's own.
        TimeSpan step = elapsed < _times.Beat ? elapsed : _times.Beat;
        foreach ((NodeRow row, TimeSpan silence) in _newest)
        {
            if (row.HasStopped || (row.IsClosed && row.Age > TimeSpan.FromHours(1)))
                continue;
            bool isAlive = row.Name == _self || (!row.IsClosed && silence + step < _times.Silence);
            yield return new NodeView(row.Name, row.Version, row.Address, row.Applied, row.Lag, isAlive, row.Started)
            {
                Sessions = row.Sessions,
                Parked = row.Parked,
            };
        }
    }
}

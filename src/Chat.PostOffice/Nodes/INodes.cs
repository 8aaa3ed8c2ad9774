namespace ErlChat.Nodes;

/// <summary>The nodes that share this chat's log. Thread-safe and quick: it answers from what the last heartbeat brought.</summary>
public interface INodes
{
    /// <summary>This node's name; null if the chat runs on a single unnamed node.</summary>
    string? Self { get; }

    /// <summary>All nodes that the chat knows, this one first, the others by name. One element for a single node.</summary>
    IReadOnlyList<NodeView> All { get; }

    /// <summary>Whether a node's lease has run out, or nobody has ever heard of it. False while that is not certain.</summary>
    bool IsDead(string node);

    /// <summary>Whether this node is the one that does a kind of work that only one node at a time should do. Always true on a single node.</summary>
    bool Leads(ElectedWork work);
}

public enum ElectedWork { Snapshots, Retention, DeadSessions, History }

public sealed record NodeView(string Name, string Version, string Address, long Applied, TimeSpan Lag, bool IsAlive, DateTimeOffset Started);

namespace ErlChat.Nodes;

/// <summary>
/// The nodes that share this chat's log. Thread-safe and quick: it answers from what the last heartbeat brought.
/// </summary>
public interface INodes
{
    /// <summary>This node's name; null if the chat runs on a single unnamed node.</summary>
    string? Self { get; }

    /// <summary>All nodes that the chat knows, this one first, the others by name. One element for a single node.</summary>
    IReadOnlyList<NodeView> All { get; }

    /// <summary>
    /// Whether a node's lease has run out, or nobody has ever heard of it. False while that is not certain.
    /// </summary>
    bool IsDead(string node);

    /// <summary>
    /// Whether this node is the one that does a kind of work that only one node at a time should do. Always true on a single node.
    /// </summary>
    bool Leads(ElectedWork work);

    /// <summary>
    /// Whether every node that may still read the log knows a kind of entry. An entry of a kind that a node does not know stops that node,
    /// so commands that would write a new kind are refused until this is true. Always true on a single node, and for the kinds that every
    /// program knows.
    /// </summary>
    bool AllKnow(string kind) => true;
}

/// <summary>
/// Work that one node at a time does for all. Two nodes may do it at once for a few seconds, so doing it twice must be harmless.
/// </summary>
public enum ElectedWork
{
    /// <summary>Saving snapshots of the fold.</summary>
    Snapshots,

    /// <summary>Removing what is older than the log and the history keep.</summary>
    Retention,

    /// <summary>Deciding about the sessions of dead nodes.</summary>
    DeadSessions,

    /// <summary>Writing the history from the log.</summary>
    History,
}

/// <summary>A node as the others know it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version of its program.</param>
/// <param name="Address">The URL at which the other nodes reach it; empty if it has none.</param>
/// <param name="Applied">The sequence of the last entry that its fold applied.</param>
/// <param name="Lag">How far its fold was behind the log.</param>
/// <param name="IsAlive">
/// Whether it was heard of lately. A node that is not alive may still come back; see <see cref="INodes.IsDead"/>.
/// </param>
/// <param name="Started">When it started.</param>
public sealed record NodeView(
    string Name,
    string Version,
    string Address,
    long Applied,
    TimeSpan Lag,
    bool IsAlive,
    DateTimeOffset Started)
{
    /// <summary>How many sessions it knows.</summary>
    public int Sessions { get; init; }

    /// <summary>How many polls are parked there.</summary>
    public int Parked { get; init; }
}

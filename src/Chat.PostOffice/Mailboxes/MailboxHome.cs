namespace ErlChat.Mailboxes;

/// <summary>Where a session is served, as its mailbox on this node has heard. Its mailbox guards it.</summary>
/// <param name="node">The node; null if no node has said that it serves the session.</param>
/// <param name="since">The sequence of the entry with which that node began; 0 for none.</param>
/// <param name="endsWithNode">Whether the session cannot outlive that node.</param>
/// <param name="notedAt">The timestamp at which this node heard of it.</param>
internal sealed class MailboxHome(string? node, long since, bool endsWithNode, long notedAt)
{
    internal string? Node { get; } = node;

    internal long Since { get; } = since;

    internal bool EndsWithNode { get; } = endsWithNode;

    internal long NotedAt { get; set; } = notedAt;
}

/// <summary>How the sessions of several nodes are judged in one sweep.</summary>
/// <param name="Node">This node.</param>
/// <param name="AsOf">The timestamp at which they are judged.</param>
/// <param name="IdleLimit">How long a session may be idle.</param>
/// <param name="MoveAfter">How long a session stays at its node at least, while that node is alive.</param>
/// <param name="MayEnd">Whether sessions are ended at all: not while other nodes may have been unable to take over theirs.</param>
/// <param name="EndsDead">Whether this node ends the sessions of dead nodes.</param>
internal readonly record struct HomeRules(string Node, long AsOf, TimeSpan IdleLimit, TimeSpan MoveAfter, bool MayEnd, bool EndsDead)
{
    /// <summary>Whether sessions may be taken over: not before all nodes know the entry for that.</summary>
    internal bool MayTake { get; init; } = true;
}

/// <summary>What has to be done about a session.</summary>
internal enum HomeVerdict
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>This node serves it, and has to say so.</summary>
    Take,

    /// <summary>It is idle.</summary>
    End,
}

using ErlChat.Names;

namespace ErlChat.Postings;

/// <summary>Names a message, by facts that never change.</summary>
/// <param name="Sequence">The sequence of its entry.</param>
/// <param name="At">The time of its entry.</param>
/// <param name="Who">Who wrote it, with the nick and the name from that time.</param>
public sealed record MessageRef(long Sequence, DateTimeOffset At, Person Who)
{
    /// <summary>The room; null for a private message.</summary>
    public string? Room { get; init; }

    /// <summary>The receiver of a private message; null for a message in a room.</summary>
    public Person? To { get; init; }

    /// <summary>Whether it is a <c>/me</c>.</summary>
    public bool IsAction { get; init; }
}

/// <summary>What was done to a message last, after it was written.</summary>
/// <param name="Sequence">The sequence of the entry that did it.</param>
/// <param name="At">The time of that entry.</param>
/// <param name="Kind">What was done.</param>
public sealed record MessageChange(long Sequence, DateTimeOffset At, MessageChangeKind Kind)
{
    /// <summary>Whether the message was deleted. It has no text then.</summary>
    public bool IsRemoval => Kind != MessageChangeKind.Edited;
}

/// <summary>What can be done to a message. Databases store the numbers.</summary>
public enum MessageChangeKind
{
    /// <summary>Its author gave it another text.</summary>
    Edited = 0,

    /// <summary>Its author deleted it.</summary>
    Removed = 1,

    /// <summary>A moderator or an administrator deleted it.</summary>
    RemovedByModerator = 2,
}

using ErlChat.Sessions;

namespace ErlChat.Log;

/// <summary>
/// Something is done to a message. The entry names the message by facts that never change. The node that received the command looked them
/// up in the history before it wrote the entry, because the fold holds no messages.
/// </summary>
/// <param name="Session">Who does it.</param>
/// <param name="Message">The sequence of the message's own entry.</param>
public abstract record MessageEntry(SessionKey Session, long Message) : SessionEntry(Session)
{
    /// <summary>The time of the message's own entry.</summary>
    public DateTimeOffset Written { get; init; }

    /// <summary>The nick that the author had when writing it.</summary>
    public string Nick { get; init; } = "";

    /// <summary>The author's display name at that time.</summary>
    public string Name { get; init; } = "";

    /// <summary>The author's user id.</summary>
    public string AuthorId { get; init; } = "";

    /// <summary>The room; null for a private message.</summary>
    public string? Room { get; init; }

    /// <summary>The nick of the receiver of a private message; null for a message in a room.</summary>
    public string? To { get; init; }

    /// <summary>The receiver's display name.</summary>
    public string? ToName { get; init; }

    /// <summary>The receiver's user id.</summary>
    public string? ToId { get; init; }

    /// <summary>Whether it is a <c>/me</c>; null if not.</summary>
    public bool? Action { get; init; }
}

/// <summary>A user gives an own message another text.</summary>
/// <param name="Session">Who does it.</param>
/// <param name="Message">The sequence of the message's own entry.</param>
/// <param name="Text">The new text; empty once the message has been deleted, and the stored log does not have the text any more.</param>
public sealed record MessageEdited(SessionKey Session, long Message, string Text) : MessageEntry(Session, Message);

/// <summary>
/// A user deletes an own message, or a moderator that of somebody else. The text is removed from the stored log a little later, also from
/// the message's own entry and from those of its edits (docs/adr/0030).
/// </summary>
/// <param name="Session">Who does it.</param>
/// <param name="Message">The sequence of the message's own entry.</param>
public sealed record MessageDeleted(SessionKey Session, long Message) : MessageEntry(Session, Message);

/// <summary>A moderator pins a message to its room, or takes the pin away.</summary>
/// <param name="Session">Who does it.</param>
/// <param name="Message">The sequence of the message's own entry.</param>
/// <param name="Limit">How many pins a room may have; the oldest goes when there is one more.</param>
public sealed record MessagePinned(SessionKey Session, long Message, int Limit) : MessageEntry(Session, Message)
{
    /// <summary>Whether the pin is taken away; null if not.</summary>
    public bool? Withdrawn { get; init; }
}

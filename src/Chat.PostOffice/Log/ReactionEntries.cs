using ErlChat.Sessions;

namespace ErlChat.Log;

/// <summary>
/// People react to a message: all that a node gathered in a moment. The message is named by facts that never change, as in a
/// <see cref="MessageEntry"/>. Each change is accepted or refused by itself (docs/adr/0032).
/// </summary>
/// <param name="Message">The sequence of the message's own entry.</param>
/// <param name="Changes">What people do, in the order in which the node received it; at least one.</param>
public sealed record Reacted(long Message, IReadOnlyList<ReactionChange> Changes) : Entry
{
    /// <summary>The user id of the message's author.</summary>
    public string AuthorId { get; init; } = "";

    /// <summary>The room; null for a private message.</summary>
    public string? Room { get; init; }

    /// <summary>The user id of the receiver of a private message; null for a message in a room.</summary>
    public string? ToId { get; init; }
}

/// <summary>One person adds a reaction to a message, or takes it back.</summary>
/// <param name="Session">Who does it.</param>
/// <param name="Emoji">The emoji; empty, and without effect, once the person has been erased.</param>
/// <param name="On">Whether the reaction is added.</param>
public sealed record ReactionChange(SessionKey Session, string Emoji, bool On)
{
    /// <inheritdoc cref="SessionEntry.Key"/>
    public string? Key { get; init; }
}

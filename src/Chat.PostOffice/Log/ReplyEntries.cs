using ErlChat.Sessions;

namespace ErlChat.Log;

/// <summary>
/// A message that answers another one, its parent. The node that received the command looked the parent up in the history, because the fold
/// holds no messages. What names the parent never changes; its text is not in the entry, so that a deleted text is gone.
/// </summary>
public interface IReply
{
    /// <summary>The sequence of the parent's own entry. It is in the same room, or between the same two persons.</summary>
    long Parent { get; }

    /// <summary>The nick that the parent's author had when writing it.</summary>
    string ParentNick { get; }

    /// <summary>The user id of the parent's author.</summary>
    string ParentAuthorId { get; }
}

/// <summary>A session answers a message in a room.</summary>
public sealed record Replied(SessionKey Session, string Room, string Text, bool Action, long Parent)
    : Said(Session, Room, Text, Action), IReply
{
    /// <inheritdoc/>
    public string ParentNick { get; init; } = "";

    /// <inheritdoc/>
    public string ParentAuthorId { get; init; } = "";
}

/// <summary>A session answers a private message.</summary>
public sealed record WhisperReplied(SessionKey Session, string To, string Text, long Parent)
    : Whispered(Session, To, Text), IReply
{
    /// <inheritdoc/>
    public string ParentNick { get; init; } = "";

    /// <inheritdoc/>
    public string ParentAuthorId { get; init; } = "";
}

namespace ErlChat.Protocol.Comet;

/// <summary>People reacted to a message, or took reactions back. Only newer clients get it.</summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When they did.</param>
/// <param name="Room">The room; null for the lobby, and for private messages.</param>
/// <param name="Message">The message's id.</param>
/// <param name="Changes">What they did: each user and emoji once.</param>
public sealed record ReactionItem(long Id, DateTimeOffset At, string? Room, long Message, IReadOnlyList<ReactionItemChange> Changes)
    : CometItem(Id, At, Room)
{
    /// <inheritdoc cref="EditedItem.With"/>
    public string? With { get; init; }
}

/// <summary>A reaction that was added or taken back.</summary>
/// <param name="Emoji">The emoji.</param>
/// <param name="User">The user id of whoever did it.</param>
/// <param name="Nick">The nick.</param>
/// <param name="On">Whether it was added.</param>
public sealed record ReactionItemChange(string Emoji, string User, string Nick, bool On);

/// <summary>The reactions to a message as they are now; only in the answer of <c>/chat/changes/</c>.</summary>
/// <param name="Id">The sequence of the last entry that changed them.</param>
/// <param name="At">The time of that entry.</param>
/// <param name="Room">The room; null for the lobby, and for private messages.</param>
/// <param name="Message">The message's id.</param>
/// <param name="Reactions">Each emoji; empty if there are none any more.</param>
public sealed record ReactionsItem(long Id, DateTimeOffset At, string? Room, long Message, IReadOnlyList<ReactionItemCount> Reactions)
    : CometItem(Id, At, Room)
{
    /// <inheritdoc cref="EditedItem.With"/>
    public string? With { get; init; }
}

/// <summary>How often users reacted to a message with an emoji.</summary>
/// <param name="Emoji">The emoji.</param>
/// <param name="Count">How many users.</param>
/// <param name="Mine">Whether the reader is among them.</param>
/// <param name="Nicks">The nicks of the first of them, at most 10.</param>
public sealed record ReactionItemCount(string Emoji, int Count, bool Mine, IReadOnlyList<string> Nicks);

/// <summary>The reactions to a message, as the history has them.</summary>
/// <param name="Through">The sequence of the last entry that changed them: they include all <see cref="ReactionItem"/>s up to it.</param>
/// <param name="All">Each emoji, the one that was used first before the others.</param>
public sealed record ItemReactions(long Through, IReadOnlyList<ReactionItemCount> All);

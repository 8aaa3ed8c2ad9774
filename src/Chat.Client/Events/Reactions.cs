namespace ErlChat.Client;

/// <summary>Users reacted to a message, or took reactions back: what several did in a moment is one event.</summary>
/// <param name="Id">The event's own id.</param>
/// <param name="At">When they did.</param>
/// <param name="Room">The message's room; null for a private message.</param>
/// <param name="WithId">The user id of the other user; null for a room.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Changes">What they did: each user and emoji once.</param>
public sealed record ReactionsChanged(
    long Id, DateTimeOffset At, string? Room, string? WithId, long MessageId, IReadOnlyList<ReactionChange> Changes) : RoomEvent(Id, At);

/// <summary>A reaction that was added or taken back.</summary>
/// <param name="Emoji">The emoji.</param>
/// <param name="UserId">The user id of whoever did it.</param>
/// <param name="Nick">The nick.</param>
/// <param name="On">Whether it was added.</param>
public sealed record ReactionChange(string Emoji, string UserId, string Nick, bool On);

/// <summary>The reactions to a message, as they are after a gap; only in <see cref="Resynced.Missed"/>.</summary>
/// <param name="Id">The id of the last <see cref="ReactionsChanged"/> that they include.</param>
/// <param name="At">When the reactions changed last.</param>
/// <param name="Room">The message's room; null for a private message.</param>
/// <param name="WithId">The user id of the other user; null for a room.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Reactions">Each emoji; empty if there are none any more.</param>
public sealed record ReactionsCounted(
    long Id, DateTimeOffset At, string? Room, string? WithId, long MessageId, IReadOnlyList<ReactionCount> Reactions) : RoomEvent(Id, At);

/// <summary>The reactions to a message in the history.</summary>
/// <param name="Through">The id of the last <see cref="ReactionsChanged"/> that they include; whoever counts must skip it.</param>
/// <param name="All">Each emoji, the one that was used first before the others; empty if there are none any more.</param>
public sealed record MessageReactions(long Through, IReadOnlyList<ReactionCount> All);

/// <summary>How often users reacted to a message with an emoji.</summary>
/// <param name="Emoji">The emoji.</param>
/// <param name="Count">How many users.</param>
/// <param name="Mine">Whether this user is among them.</param>
/// <param name="Nicks">The nicks of the first of them, at most 10.</param>
public sealed record ReactionCount(string Emoji, int Count, bool Mine, IReadOnlyList<string> Nicks);

namespace ErlChat.Protocol.Comet;

/// <summary>One event as a comet client gets it. A closed set of records.</summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When it happened, in milliseconds on the wire.</param>
/// <param name="Room">The room; null for the lobby, and for events outside rooms.</param>
public abstract record CometItem(long Id, DateTimeOffset At, string? Room);

/// <summary>
/// Another user entered a room, or came back online. <paramref name="Rooms"/> lists the rooms if there were several; otherwise it is null.
/// </summary>
public sealed record UserJoinedItem(long Id, DateTimeOffset At, string? Room, string Nick, IReadOnlyList<string>? Rooms = null)
    : CometItem(Id, At, Room)
{
    /// <summary>Whether the user was offline, and is the same one as before.</summary>
    public bool IsBack { get; init; }
}

/// <summary>
/// Another user left. <paramref name="Rooms"/> lists the rooms if there were several, or one that is not the lobby; otherwise it is null.
/// </summary>
public sealed record UserLeftItem(long Id, DateTimeOffset At, string? Room, string Nick, string Reason, IReadOnlyList<string>? Rooms = null)
    : CometItem(Id, At, Room)
{
    /// <summary>Whether the user only went offline, and can come back as the same user.</summary>
    public bool IsOffline { get; init; }
}

/// <summary>
/// A message in a room. <paramref name="Own"/> is true in the sender's copy. <paramref name="Action"/> marks a <c>/me</c>.
/// </summary>
public sealed record ChatItem(
    long Id,
    DateTimeOffset At,
    string? Room,
    string Nick,
    string Msg,
    bool Own,
    bool Action = false) : CometItem(Id, At, Room)
{
    /// <summary>When it was edited last; null if it was not. Only in the history.</summary>
    public DateTimeOffset? Edited { get; init; }

    /// <summary>Whether it was deleted, so that it has no text.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>The message that it answers; null for none.</summary>
    public ItemParent? Parent { get; init; }

    /// <summary>The reactions to it; null if there never were any. Only in the history.</summary>
    public ItemReactions? Reactions { get; init; }
}

/// <summary>The message that another one answers.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Nick">The nick that its author had when writing it; null if that is no longer known.</param>
/// <param name="Msg">How its text begins now; null if it was deleted. Only in the history.</param>
public sealed record ItemParent(long Id, string? Nick, string? Msg = null);

/// <summary>A user became an administrator, or stopped being one.</summary>
public sealed record AdminItem(long Id, DateTimeOffset At, string Nick, bool LoggedIn) : CometItem(Id, At, null);

/// <summary>
/// A message from the server. Events that the original did not have are sent in this form too: an old client shows the text, and a newer
/// client uses the kind, which the derived records have.
/// </summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room; null for the lobby, and for events outside rooms.</param>
/// <param name="Text">Plain text; may have several lines.</param>
/// <param name="Html">The text for clients that insert HTML; null for the escaped text.</param>
public record SystemItem(long Id, DateTimeOffset At, string? Room, string Text, string? Html = null) : CometItem(Id, At, Room);

/// <summary>A private message.</summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When it happened.</param>
/// <param name="From">The sender's nick.</param>
/// <param name="To">The receiver's nick.</param>
/// <param name="Msg">The message.</param>
/// <param name="Own">Whether this is the sender's copy.</param>
/// <param name="FromId">The sender's user id, because the nick may belong to another user by now; null if the server does not say.</param>
/// <param name="ToId">The receiver's user id; null if the server does not say.</param>
public sealed record WhisperItem(
    long Id,
    DateTimeOffset At,
    string From,
    string To,
    string Msg,
    bool Own,
    string? FromId = null,
    string? ToId = null)
    : SystemItem(Id, At, null, Own ? $"Private message to {To}: {Msg}" : $"Private message from {From}: {Msg}")
{
    /// <inheritdoc cref="ChatItem.Edited"/>
    public DateTimeOffset? Edited { get; init; }

    /// <inheritdoc cref="ChatItem.IsDeleted"/>
    public bool IsDeleted { get; init; }

    /// <inheritdoc cref="ChatItem.Parent"/>
    public ItemParent? Parent { get; init; }

    /// <inheritdoc cref="ChatItem.Reactions"/>
    public ItemReactions? Reactions { get; init; }
}

/// <summary>The topic of a room changed.</summary>
public sealed record TopicItem(long Id, DateTimeOffset At, string? Room, string Nick, string Topic)
    : SystemItem(Id, At, Room, Topic.Length == 0 ? $"{Nick} took the topic away." : $"{Nick} set the topic: {Topic}");

/// <summary>A room was renamed. Its address, <paramref name="Room"/>, stays. <paramref name="Title"/> is null for the address.</summary>
public sealed record RenamedItem(long Id, DateTimeOffset At, string? Room, string Nick, string? Title)
    : SystemItem(Id, At, Room, $"{Nick} has renamed the room to {Title ?? Room ?? "lobby"}.");

/// <summary>
/// The reader itself entered a room. <paramref name="Users"/> are all users in it, as of this item. <paramref name="Title"/> is the name
/// that people see, if the room was renamed; otherwise null.
/// </summary>
public sealed record EnteredItem(long Id, DateTimeOffset At, string? Room, string Topic, IReadOnlyList<string> Users, string? Title = null)
    : SystemItem(Id, At, Room, $"You are now in {Title ?? Room ?? "lobby"}. People: {string.Join(", ", Users)}");

/// <summary>The reader itself left a room. <paramref name="By"/> is the nick of whoever removed it, or null.</summary>
public sealed record PartedItem(long Id, DateTimeOffset At, string? Room, string? By = null, string Reason = "")
    : SystemItem(Id, At, Room, TextOf(Room ?? "lobby", By, Reason))
{
    private static string TextOf(string room, string? by, string reason) =>
        by is null ? $"You have left {room}."
        : reason.Length == 0 ? $"{by} has removed you from {room}."
        : $"{by} has removed you from {room}: {reason}";
}

/// <summary>
/// A member has read a conversation on another device: a room, or the private messages with a user. Only clients of members get it.
/// </summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room; null for the lobby, and for private messages.</param>
/// <param name="With">The user id of the other person; null for a room.</param>
/// <param name="UpTo">The id of the newest message read.</param>
public sealed record ReadItem(long Id, DateTimeOffset At, string? Room, string? With, long UpTo) : CometItem(Id, At, Room);

/// <summary>A message has another text now. Only newer clients get it; others get a message from the server.</summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When the message was edited.</param>
/// <param name="Room">The room; null for the lobby, and for private messages.</param>
/// <param name="Message">The message's id.</param>
/// <param name="Nick">The nick that its author had when writing it.</param>
/// <param name="Msg">The new text.</param>
/// <param name="Action">Whether it is a <c>/me</c>.</param>
public sealed record EditedItem(long Id, DateTimeOffset At, string? Room, long Message, string Nick, string Msg, bool Action = false)
    : CometItem(Id, At, Room)
{
    /// <summary>The user id of the other person, if it is about private messages; null for a room.</summary>
    public string? With { get; init; }
}

/// <summary>A message was deleted. Only newer clients get it; others get a message from the server.</summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When the message was deleted.</param>
/// <param name="Room">The room; null for the lobby, and for private messages.</param>
/// <param name="Message">The message's id.</param>
/// <param name="Nick">The nick that its author had when writing it.</param>
/// <param name="ByModerator">Whether somebody else than the author deleted it.</param>
public sealed record RemovedItem(long Id, DateTimeOffset At, string? Room, long Message, string Nick, bool ByModerator = false)
    : CometItem(Id, At, Room)
{
    /// <inheritdoc cref="EditedItem.With"/>
    public string? With { get; init; }
}

/// <summary>A message was pinned to its room, or a pin was taken away. Only newer clients get it.</summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room; null for the lobby.</param>
/// <param name="Message">The message's id.</param>
/// <param name="Nick">The nick of whoever did it.</param>
/// <param name="On">Whether the message is pinned now.</param>
public sealed record PinItem(long Id, DateTimeOffset At, string? Room, long Message, string Nick, bool On) : CometItem(Id, At, Room)
{
    /// <summary>The id of the message whose pin had to make room for this one; null for none.</summary>
    public long? Unpinned { get; init; }
}

/// <summary>A user is away now, or no longer. Only newer clients get it.</summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Nick">The user's nick.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="On">Whether the user is away now.</param>
public sealed record AwayItem(long Id, DateTimeOffset At, string Nick, string UserId, bool On) : CometItem(Id, At, null);

/// <summary>
/// The reader's preferences have changed: whom it ignores, or what it is told of rooms. <c>/chat/me/</c> has them. Only clients that keep
/// their cookie get it.
/// </summary>
public sealed record PreferencesItem(long Id, DateTimeOffset At) : CometItem(Id, At, null);

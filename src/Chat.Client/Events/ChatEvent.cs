using System.Text.Json.Serialization;

namespace ErlChat.Client;

/// <summary>An event that <see cref="ChatClient.ReadAsync"/> returns. Later versions may add more kinds.</summary>
public abstract record ChatEvent
{
    private protected ChatEvent()
    {
    }
}

/// <summary>An event of the chat.</summary>
/// <param name="Id">Its position in the server's log. Ids rise from event to event, with gaps, until a <see cref="Resynced"/>.</param>
/// <param name="At">When it happened, by the server's clock; the default value if the server did not say.</param>
public abstract record RoomEvent(long Id, DateTimeOffset At) : ChatEvent;

/// <summary>A message in a room.</summary>
/// <param name="Id">Its position in the server's log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room.</param>
/// <param name="Nick">The sender's nick.</param>
/// <param name="Text">The message.</param>
/// <param name="Own">Whether this client sent it.</param>
/// <param name="Action">Whether it describes what the user does (<c>/me</c>).</param>
public sealed record Said(long Id, DateTimeOffset At, string Room, string Nick, string Text, bool Own, bool Action) : RoomEvent(Id, At)
{
    /// <summary>The message that it answers; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnsweredMessage? ReplyTo { get; init; }

    /// <summary>When it was edited last; null if it was not. Only the history says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Edited { get; init; }

    /// <summary>Whether it was deleted, so that it has no text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDeleted { get; init; }

    /// <summary>The reactions to it; null if there never were any. Only in the history.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageReactions? Reactions { get; init; }
}

/// <summary>The message that another one answers.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Nick">The nick that its author had when writing it; null if that is no longer known.</param>
/// <param name="Text">How its text begins now; null if it was deleted. Only the history says so.</param>
public sealed record AnsweredMessage(long Id, string? Nick, string? Text);

/// <summary>A private message to this client or, if <paramref name="Own"/>, from it.</summary>
public sealed record Whispered(long Id, DateTimeOffset At, string From, string To, string Text, bool Own) : RoomEvent(Id, At)
{
    /// <summary>The sender's user id, which no later owner of the nick has; null if the server does not say.</summary>
    public string? FromId { get; init; }

    /// <summary>The receiver's user id, which no later owner of the nick has; null if the server does not say.</summary>
    public string? ToId { get; init; }

    /// <inheritdoc cref="Said.ReplyTo"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnsweredMessage? ReplyTo { get; init; }

    /// <inheritdoc cref="Said.Edited"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Edited { get; init; }

    /// <inheritdoc cref="Said.IsDeleted"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDeleted { get; init; }

    /// <summary>The reactions to it; null if there never were any. Only in the history.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageReactions? Reactions { get; init; }
}

/// <summary>A message has another text now.</summary>
/// <param name="Id">The event's own id.</param>
/// <param name="At">When the message was edited.</param>
/// <param name="Room">The message's room; null for a private message.</param>
/// <param name="WithId">The user id of the other user; null for a room.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Nick">The nick that its author had when writing it.</param>
/// <param name="Text">The new text.</param>
/// <param name="Action">As in <see cref="Said"/>.</param>
public sealed record MessageEdited(
    long Id, DateTimeOffset At, string? Room, string? WithId, long MessageId, string Nick, string Text, bool Action) : RoomEvent(Id, At);

/// <summary>A message was deleted.</summary>
/// <param name="Id">The event's own id.</param>
/// <param name="At">When the message was deleted.</param>
/// <param name="Room">The message's room; null for a private message.</param>
/// <param name="WithId">The user id of the other user; null for a room.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Nick">The nick that its author had when writing it.</param>
/// <param name="ByModerator">Whether somebody else than the author deleted it.</param>
public sealed record MessageRemoved(
    long Id, DateTimeOffset At, string? Room, string? WithId, long MessageId, string Nick, bool ByModerator) : RoomEvent(Id, At);

/// <summary>A message was pinned to its room, or a pin was taken away.</summary>
/// <param name="Id">The event's own id.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Nick">The nick of whoever did it.</param>
/// <param name="On">Whether the message is pinned now.</param>
public sealed record MessagePinned(long Id, DateTimeOffset At, string Room, long MessageId, string Nick, bool On) : RoomEvent(Id, At)
{
    /// <summary>The id of the message whose pin had to make room for this one; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? UnpinnedId { get; init; }
}

/// <summary>A user is away now, or no longer. In large rooms nobody is told.</summary>
/// <param name="Id">Its position in the server's log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Nick">The user's nick.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="IsAway">Whether nobody is at any of the user's devices.</param>
public sealed record AwayChanged(long Id, DateTimeOffset At, string Nick, string UserId, bool IsAway) : RoomEvent(Id, At);

/// <summary>Another user entered a room, or came back online.</summary>
/// <param name="Id">Its position in the server's log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room; the lobby, or else the first one, if there are several.</param>
/// <param name="Nick">The user's nick.</param>
public sealed record UserJoined(long Id, DateTimeOffset At, string Room, string Nick) : RoomEvent(Id, At)
{
    /// <summary>All the rooms in which the user is online again; only <see cref="Room"/> after entering a room.</summary>
    public IReadOnlyList<string> Rooms { get; init; } = [Room];

    /// <summary>Whether the user was offline, and is the same one as before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsBack { get; init; }
}

/// <summary>Another user left these rooms.</summary>
/// <param name="Id">Its position in the server's log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Rooms">The rooms.</param>
/// <param name="Nick">The user's nick.</param>
/// <param name="Reason"><c>normal</c>, <c>timeout</c>, <c>kicked: …</c>, <c>banned: …</c>.</param>
public sealed record UserLeft(long Id, DateTimeOffset At, IReadOnlyList<string> Rooms, string Nick, string Reason) : RoomEvent(Id, At)
{
    /// <summary>Whether the user only went offline: private messages still reach them, and they can come back as the same user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOffline { get; init; }
}

/// <summary>A room's topic changed.</summary>
public sealed record TopicChanged(long Id, DateTimeOffset At, string Room, string Nick, string Topic) : RoomEvent(Id, At);

/// <summary>A room was renamed. Its address, by which everything else names the room, stays.</summary>
/// <param name="Id">Its position in the server's log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room's address.</param>
/// <param name="Nick">Who renamed it.</param>
/// <param name="Title">What people call it now; null for its address.</param>
public sealed record RoomRenamed(long Id, DateTimeOffset At, string Room, string Nick, string? Title) : RoomEvent(Id, At);

/// <summary>This client entered a room other than the lobby.</summary>
/// <param name="Id">Its position in the server's log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room.</param>
/// <param name="Topic">Its topic; empty for none.</param>
/// <param name="Users">All users in it, as of this event.</param>
public sealed record RoomEntered(long Id, DateTimeOffset At, string Room, string Topic, IReadOnlyList<string> Users) : RoomEvent(Id, At)
{
    /// <summary>What people call the room since it was renamed; null for its address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }
}

/// <summary>This client left a room, or was removed from it.</summary>
public sealed record RoomParted(long Id, DateTimeOffset At, string Room) : RoomEvent(Id, At)
{
    /// <summary>The nick of the user who removed this client; null if it left.</summary>
    public string? By { get; init; }

    /// <summary>Why it was removed; empty for no reason.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>This client's user, a member, has read a conversation on another device.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room; null for private messages.</param>
/// <param name="WithId">The user id of the other user; null for a room.</param>
/// <param name="UpTo">The id of the newest message read.</param>
public sealed record ReadElsewhere(long Id, DateTimeOffset At, string? Room, string? WithId, long UpTo) : RoomEvent(Id, At);

/// <summary>The user's own preferences have changed, on this device or another: whom the user ignores, or what is shown of rooms.</summary>
public sealed record PreferencesChanged(long Id, DateTimeOffset At) : RoomEvent(Id, At);

/// <summary>A user became an administrator, or stopped being one.</summary>
public sealed record AdminChanged(long Id, DateTimeOffset At, string Nick, bool IsAdmin) : RoomEvent(Id, At);

/// <summary>A message from the server to this client: plain text, possibly with several lines.</summary>
public sealed record Notice(long Id, DateTimeOffset At, string Text) : RoomEvent(Id, At);

/// <summary>An event that this version of the library does not know.</summary>
public sealed record Unknown(long Id, DateTimeOffset At, string Type, string Json) : RoomEvent(Id, At);

namespace ErlChat.Client;

/// <summary>Something that <see cref="ChatClient.ReadAsync"/> tells. A set of records; more may come with later versions.</summary>
public abstract record ChatEvent
{
    private protected ChatEvent()
    {
    }
}

/// <summary>Something that happened in the chat.</summary>
/// <param name="Id">Its place in the server's log: rises strictly from event to event, with holes, until a <see cref="Resynced"/>.</param>
/// <param name="At">When, by the server's clock; the default value when the server did not say.</param>
public abstract record RoomEvent(long Id, DateTimeOffset At) : ChatEvent;

/// <summary>Somebody said something in a room.</summary>
/// <param name="Own">Whether it was this client.</param>
/// <param name="Action">Whether it is what the nick does, not says (<c>/me</c>).</param>
public sealed record Said(long Id, DateTimeOffset At, string Room, string Nick, string Text, bool Own, bool Action) : RoomEvent(Id, At);

/// <summary>A private message, to this client or (<paramref name="Own"/>) from it.</summary>
public sealed record Whispered(long Id, DateTimeOffset At, string From, string To, string Text, bool Own) : RoomEvent(Id, At)
{
    /// <summary>The sender's user id, which no later owner of the nick has; null from a server that does not say.</summary>
    public string? FromId { get; init; }

    /// <summary>The receiver's user id, likewise.</summary>
    public string? ToId { get; init; }
}

/// <summary>Somebody else came into a room.</summary>
public sealed record UserJoined(long Id, DateTimeOffset At, string Room, string Nick) : RoomEvent(Id, At);

/// <summary>Somebody else left these rooms.</summary>
/// <param name="Reason"><c>normal</c>, <c>timeout</c>, <c>kicked: …</c>, <c>banned: …</c>.</param>
public sealed record UserLeft(long Id, DateTimeOffset At, IReadOnlyList<string> Rooms, string Nick, string Reason) : RoomEvent(Id, At);

/// <summary>A room's topic changed.</summary>
public sealed record TopicChanged(long Id, DateTimeOffset At, string Room, string Nick, string Topic) : RoomEvent(Id, At);

/// <summary>This client came into a room other than the lobby.</summary>
/// <param name="Users">Everybody in it, as of this event.</param>
public sealed record RoomEntered(long Id, DateTimeOffset At, string Room, string Topic, IReadOnlyList<string> Users) : RoomEvent(Id, At);

/// <summary>This client left a room.</summary>
public sealed record RoomParted(long Id, DateTimeOffset At, string Room) : RoomEvent(Id, At);

/// <summary>Somebody became an administrator, or ceased to be one.</summary>
public sealed record AdminChanged(long Id, DateTimeOffset At, string Nick, bool IsAdmin) : RoomEvent(Id, At);

/// <summary>The server said something to this client: plain text, perhaps of several lines.</summary>
public sealed record Notice(long Id, DateTimeOffset At, string Text) : RoomEvent(Id, At);

/// <summary>Something that this version of the library does not know.</summary>
public sealed record Unknown(long Id, DateTimeOffset At, string Type, string Json) : RoomEvent(Id, At);

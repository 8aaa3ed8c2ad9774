namespace ErlChat.Protocol.Comet;

/// <summary>One event as a comet client gets it. A closed set of records.</summary>
/// <param name="Id">Its sequence in the log.</param>
/// <param name="At">When it happened; the wire has milliseconds.</param>
/// <param name="Room">Where; null for the lobby, and for what happens in no room.</param>
public abstract record CometItem(long Id, DateTimeOffset At, string? Room);

/// <summary>Somebody else came into a room.</summary>
public sealed record UserJoinedItem(long Id, DateTimeOffset At, string? Room, string Nick) : CometItem(Id, At, Room);

/// <summary>Somebody else left. <paramref name="Rooms"/>: all that it left at once, when there are several (or one that is not the lobby); else null.</summary>
public sealed record UserLeftItem(long Id, DateTimeOffset At, string? Room, string Nick, string Reason, IReadOnlyList<string>? Rooms = null)
    : CometItem(Id, At, Room);

/// <summary>Somebody said something; <paramref name="Own"/>: the reader did. <paramref name="Action"/>: <c>/me</c>.</summary>
public sealed record ChatItem(long Id, DateTimeOffset At, string? Room, string Nick, string Msg, bool Own, bool Action = false) : CometItem(Id, At, Room);

/// <summary>Somebody became an administrator, or ceased to be one.</summary>
public sealed record AdminItem(long Id, DateTimeOffset At, string Nick, bool LoggedIn) : CometItem(Id, At, null);

/// <summary>
/// A word of the server. Also the form of everything that the original had no word for: an old client shows the text, a newer one looks at the
/// kind that the records derived from this have.
/// </summary>
/// <param name="Text">Plain text; may have several lines.</param>
/// <param name="Html">What clients that insert HTML are given; null for the escaped text.</param>
public record SystemItem(long Id, DateTimeOffset At, string? Room, string Text, string? Html = null) : CometItem(Id, At, Room);

/// <summary>A private message.</summary>
/// <param name="FromId">User id of the sender, whom the nick may not belong to any more; null when the server does not say.</param>
/// <param name="ToId">The same of the receiver.</param>
public sealed record WhisperItem(long Id, DateTimeOffset At, string From, string To, string Msg, bool Own, string? FromId = null, string? ToId = null)
    : SystemItem(Id, At, null, Own ? $"Private message to {To}: {Msg}" : $"Private message from {From}: {Msg}");

/// <summary>The topic of a room changed.</summary>
public sealed record TopicItem(long Id, DateTimeOffset At, string? Room, string Nick, string Topic)
    : SystemItem(Id, At, Room, Topic.Length == 0 ? $"{Nick} took the topic away." : $"{Nick} set the topic: {Topic}");

/// <summary>The reader itself came into a room. <paramref name="Users"/>: everybody in it, as of this item.</summary>
public sealed record EnteredItem(long Id, DateTimeOffset At, string? Room, string Topic, IReadOnlyList<string> Users)
    : SystemItem(Id, At, Room, $"You are now in {Room ?? "lobby"}. People: {string.Join(", ", Users)}");

/// <summary>The reader itself left a room.</summary>
public sealed record PartedItem(long Id, DateTimeOffset At, string? Room) : SystemItem(Id, At, Room, $"You have left {Room ?? "lobby"}.");

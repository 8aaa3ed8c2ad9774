namespace ErlChat;

/// <summary>A live session, for looking at.</summary>
public sealed record SessionView(
    SessionKey Key,
    Person Who,
    string Host,
    string? Home,
    bool IsAdmin,
    DateTimeOffset Since,
    DateTimeOffset LastActiveAt,
    IReadOnlyList<string> Rooms);

/// <summary>A room, for looking at.</summary>
/// <param name="Members">How many people are in it.</param>
public sealed record RoomView(string Name, string Topic, int Members);

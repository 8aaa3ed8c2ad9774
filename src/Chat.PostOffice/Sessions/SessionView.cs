using ErlChat.Names;

namespace ErlChat.Sessions;

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

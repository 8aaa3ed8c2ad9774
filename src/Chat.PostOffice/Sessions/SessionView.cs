using ErlChat.Names;

namespace ErlChat.Sessions;

/// <summary>A read-only copy of a live session.</summary>
public sealed record SessionView(
    SessionKey Key,
    Person Who,
    string Host,
    string? Home,
    bool IsAdmin,
    DateTimeOffset Since,
    DateTimeOffset LastActiveAt,
    IReadOnlyList<string> Rooms)
{
    /// <summary>The node that serves it; null if no node has said so, as in a chat with one unnamed node.</summary>
    public string? ServedBy { get; init; }
}

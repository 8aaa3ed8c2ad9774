using ErlChat.Names;

namespace ErlChat.Sessions;

/// <summary>A read-only copy of a live session, whether its user is online or not.</summary>
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
    /// <summary>Whether its user is online. If not, it has no mailbox, and lists of users leave it out.</summary>
    public bool IsOnline { get; init; } = true;

    /// <summary>Whether its person is a member, and owns the nick.</summary>
    public bool IsMember { get; init; }

    /// <summary>Whether its client keeps the token, so that its user can come back after an absence.</summary>
    public bool IsKept { get; init; }

    /// <summary>The node that serves it; null if no node has said so, as in a chat with one unnamed node.</summary>
    public string? ServedBy { get; init; }
}

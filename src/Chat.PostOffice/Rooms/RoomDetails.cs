using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>Who may do what in a room, as one of its users sees it.</summary>
/// <param name="Room">The room.</param>
/// <param name="Owner">The owner's nick; null if the room has none.</param>
/// <param name="Moderators">The moderators' nicks, in the order in which they were appointed.</param>
/// <param name="Invited">The nicks of those who are invited to a private room. Only moderators get them; empty for others.</param>
/// <param name="Role">The reader's own rights. Administrators have those of an owner in public rooms.</param>
public sealed record RoomDetails(
    RoomView Room,
    string? Owner,
    IReadOnlyList<string> Moderators,
    IReadOnlyList<string> Invited,
    RoomRole Role)
{
    /// <summary>The links that lead into the room, oldest first. Only moderators get them; empty for others.</summary>
    public IReadOnlyList<RoomLinkView> Links { get; init; } = [];
}

/// <summary>A link that leads into a room, without its secret.</summary>
/// <param name="Id">How moderators name it.</param>
/// <param name="By">The nick of the moderator who made it.</param>
/// <param name="Until">When it ends.</param>
public sealed record RoomLinkView(string Id, string? By, DateTimeOffset Until);

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
    RoomRole Role);

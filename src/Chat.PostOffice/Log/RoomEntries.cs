using ErlChat.Sessions;

namespace ErlChat.Log;

/// <summary>
/// An owner or a moderator changes how a room is used. Only what is not null changes. Privacy and the archive are the owner's affair.
/// </summary>
/// <param name="Session">Who changes it.</param>
/// <param name="Room">The room's name.</param>
public sealed record RoomChanged(SessionKey Session, string Room) : SessionEntry(Session)
{
    /// <summary>Whether only members may know of the room.</summary>
    public bool? Private { get; init; }

    /// <summary>Whether only moderators may speak.</summary>
    public bool? Locked { get; init; }

    /// <summary>Whether nobody may speak.</summary>
    public bool? Archived { get; init; }

    /// <summary>How many seconds a user has to wait between two messages; 0 for no wait.</summary>
    public int? Slow { get; init; }
}

/// <summary>A moderator gives a room another title: the name that people see. Its address stays.</summary>
/// <param name="Session">The moderator.</param>
/// <param name="Room">The room's name.</param>
/// <param name="Title">The new title. The room's address ends its title.</param>
public sealed record RoomRenamed(SessionKey Session, string Room, string Title) : SessionEntry(Session)
{
    /// <summary>The skeleton of the title; null if that is not compared.</summary>
    public string? Look { get; init; }
}

/// <summary>A moderator invites a user to a room, or takes the invitation back.</summary>
/// <param name="Session">The moderator.</param>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">The nick of the invited user.</param>
/// <param name="Limit">How many invitations of a room may be open.</param>
public sealed record RoomInvited(SessionKey Session, string Room, string Nick, int Limit) : SessionEntry(Session)
{
    /// <summary>Whether the invitation is taken back; null if not.</summary>
    public bool? Withdrawn { get; init; }
}

/// <summary>The owner of a room gives a user another role in it.</summary>
/// <param name="Session">The owner.</param>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">The user's nick.</param>
/// <param name="Role">The new role. There is one owner: a new one replaces the old one, who becomes a moderator.</param>
/// <param name="Limit">How many moderators a room may have.</param>
public sealed record RoomRoleChanged(SessionKey Session, string Room, string Nick, RoomRole Role, int Limit) : SessionEntry(Session);

/// <summary>A moderator makes a link that leads into a room.</summary>
/// <param name="Session">The moderator.</param>
/// <param name="Room">The room's name.</param>
/// <param name="Link">The hash of the link's secret. The secret itself is nowhere in the log.</param>
/// <param name="Until">When the link ends.</param>
/// <param name="Limit">How many links a room may have.</param>
public sealed record RoomLinkMade(SessionKey Session, string Room, string Link, DateTimeOffset Until, int Limit) : SessionEntry(Session);

/// <summary>A moderator revokes a link.</summary>
/// <param name="Session">The moderator.</param>
/// <param name="Room">The room's name.</param>
/// <param name="Link">The link's hash, or its first digits.</param>
public sealed record RoomLinkRevoked(SessionKey Session, string Room, string Link) : SessionEntry(Session);

/// <summary>A session enters a room with a link.</summary>
/// <param name="Session">The session.</param>
/// <param name="Link">The hash of the link's secret.</param>
/// <param name="SessionRoomLimit">How many rooms a person may be in.</param>
public sealed record RoomLinkUsed(SessionKey Session, string Link, int SessionRoomLimit) : SessionEntry(Session);

/// <summary>A moderator removes a user from a room.</summary>
public sealed record RoomKicked(SessionKey Session, string Room, string Nick, string Reason) : SessionEntry(Session);

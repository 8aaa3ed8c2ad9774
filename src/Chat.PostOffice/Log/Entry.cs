using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Texts;

namespace ErlChat.Log;

/// <summary>
/// One fact in the log. A closed set of records. The fold has no clock, no randomness and no configuration, so an entry carries everything
/// needed to apply it: its time, ids, random choices and the limits of the node that wrote it.
/// </summary>
public abstract record Entry
{
    private protected Entry()
    {
    }

    /// <summary>Identifies the command behind this entry; set when the entry is appended.</summary>
    public CommandId Id { get; init; }

    /// <summary>When the command was given, by the clock of the node that received it.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>Takes the place of an entry that cannot be read. It has no effect, on any node. Logs return it and never accept it.</summary>
public sealed record Unreadable : Entry;

/// <summary>An entry caused by a session. It is refused if the session has ended before it.</summary>
/// <param name="Session">The session that gave the command.</param>
public abstract record SessionEntry(SessionKey Session) : Entry
{
    /// <summary>The client's idempotency key, at most 64 characters; null if there is none.</summary>
    public string? Key { get; init; }
}

/// <summary>A session begins.</summary>
/// <param name="Session">The session.</param>
/// <param name="Nick">The nick asked for, well-formed.</param>
/// <param name="Name">The user's display name.</param>
/// <param name="UserId">A random user id.</param>
/// <param name="WantedUserId">The user id that the client asked for; used if no live session has it.</param>
/// <param name="AdjustNick">Whether to make a taken nick unique with digits at the end, instead of refusing it.</param>
/// <param name="Host">The client's canonical address.</param>
/// <param name="Home">The room that the session enters with this entry and cannot leave without logging out; null for none.</param>
/// <param name="HostLimit">How many online sessions the address may have, including this one.</param>
/// <param name="NickLimit">The longest nick, for adjusting.</param>
public sealed record Joined(
    SessionKey Session,
    string Nick,
    string Name,
    string UserId,
    string? WantedUserId,
    bool AdjustNick,
    string Host,
    string? Home,
    int HostLimit,
    int NickLimit) : SessionEntry(Session)
{
    /// <summary>
    /// The skeleton of the nick (<see cref="Skeleton"/>), by the table of the node that received the command; null in logs of older
    /// versions.
    /// </summary>
    public string? NickLook { get; init; }

    /// <summary>The skeleton of the name, if the name differs from the nick.</summary>
    public string? NameLook { get; init; }

    /// <summary>The node that serves the session, because the client logged in there; null if the chat has only one unnamed node.</summary>
    public string? ServedBy { get; init; }

    /// <summary>
    /// Whether the client keeps the token, so that its user can come back after an absence; null if not, and in logs of older versions.
    /// </summary>
    public bool? Keeps { get; init; }
}

/// <summary>The person of a session becomes a member, and owns the nick from now on.</summary>
/// <param name="Session">The session.</param>
/// <param name="Limit">How many members there may be, including this one.</param>
public sealed record Registered(SessionKey Session, int Limit) : SessionEntry(Session);

/// <summary>A member's session begins: the node that wrote this has checked who it is.</summary>
/// <param name="Session">The session.</param>
/// <param name="UserId">The member's user id.</param>
/// <param name="Host">The client's canonical address.</param>
/// <param name="HostLimit">How many online sessions the address may have, including this one.</param>
/// <param name="SessionLimit">
/// How many sessions the member may have, including this one. Above that, the one ends that has been offline for longest, or else the
/// oldest.
/// </param>
public sealed record SignedIn(SessionKey Session, string UserId, string Host, int HostLimit, int SessionLimit) : SessionEntry(Session)
{
    /// <inheritdoc cref="Joined.ServedBy"/>
    public string? ServedBy { get; init; }

    /// <inheritdoc cref="Joined.Keeps"/>
    public bool? Keeps { get; init; }
}

/// <summary>
/// A member has read a conversation on one device, so that the others show it as read too. Has no effect for a guest, who has one device.
/// </summary>
/// <param name="Session">The session.</param>
/// <param name="Room">The room; null for a private conversation.</param>
/// <param name="With">The user id of the other person; null for a room.</param>
/// <param name="UpTo">The sequence of the newest message read. One above this entry counts as this entry.</param>
public sealed record MarkedRead(SessionKey Session, string? Room, string? With, long UpTo) : SessionEntry(Session);

/// <summary>A session ends: it logged out or was idle.</summary>
public sealed record Left(SessionKey Session, CloseReason Reason) : SessionEntry(Session)
{
    /// <summary>
    /// Where the session was when a node decided that it is idle: the sequence of the entry with which its node began to serve it, 0 if no
    /// node had. The entry has no effect if the session has moved since. Null if that does not matter: the user logged out, or there is
    /// only one unnamed node.
    /// </summary>
    public long? ServedSince { get; init; }
}

/// <summary>
/// The user of a session has gone: nobody has read or used it for the idle limit. The session, its nick and its rooms stay.
/// </summary>
/// <param name="Session">The session.</param>
/// <param name="Until">When the session ends if the user does not come back.</param>
/// <param name="Limit">How many sessions may be offline; above that, those end that have been offline for longest.</param>
/// <param name="HostLimit">The same for the session's address.</param>
public sealed record WentOffline(SessionKey Session, DateTimeOffset Until, int Limit, int HostLimit) : SessionEntry(Session)
{
    /// <inheritdoc cref="Left.ServedSince"/>
    public long? ServedSince { get; init; }
}

/// <summary>The user of an offline session is back.</summary>
public sealed record CameOnline(SessionKey Session) : SessionEntry(Session)
{
    /// <inheritdoc cref="Joined.ServedBy"/>
    public string? ServedBy { get; init; }
}

/// <summary>From now on another node serves a session. Has no effect if the session has moved in the meantime.</summary>
/// <param name="Session">The session.</param>
/// <param name="Node">The node that serves it now.</param>
/// <param name="ServedSince">Where the session was before, as in <see cref="Left.ServedSince"/>.</param>
public sealed record Moved(SessionKey Session, string Node, long ServedSince) : SessionEntry(Session);

/// <summary>
/// A session enters a room, which is created if it does not exist. A <paramref name="Quiet"/> session gets the room's messages but not its
/// joins and leaves.
/// </summary>
public sealed record EnteredRoom(SessionKey Session, string Room, bool Quiet, int RoomLimit, int SessionRoomLimit) : SessionEntry(Session)
{
    /// <summary>
    /// The skeleton of the room's name (<see cref="Skeleton"/>), by the table of the node that received the command; null in logs of older
    /// versions.
    /// </summary>
    public string? Look { get; init; }

    /// <summary>
    /// Whether the room is private if this entry creates it. Its first member then owns it. Null in logs of older versions, whose rooms
    /// have no owner. If true, the entry is refused if the room exists.
    /// </summary>
    public bool? Private { get; init; }
}

/// <summary>A session leaves a room.</summary>
public sealed record PartedRoom(SessionKey Session, string Room) : SessionEntry(Session);

/// <summary>A session sends a message to a room.</summary>
public record Said(SessionKey Session, string Room, string Text, bool Action) : SessionEntry(Session);

/// <summary>A session sends a private message.</summary>
/// <param name="Session">The sender.</param>
/// <param name="To">The receiver's nick; empty if only <see cref="ToId"/> names the receiver.</param>
/// <param name="Text">The message.</param>
public record Whispered(SessionKey Session, string To, string Text) : SessionEntry(Session)
{
    /// <summary>The receiver's user id; null if the message is for whichever user has the nick.</summary>
    public string? ToId { get; init; }
}

/// <summary>The server sends a notice to one session. <see cref="Notice"/> explains the two texts.</summary>
public sealed record Told(SessionKey Session, string Text, string? Html) : SessionEntry(Session);

/// <summary>
/// A session was shown the list of users in the lobby, and reads on from the sequence <paramref name="From"/>. A <c>From</c> above this
/// entry has no effect. Only older versions wrote this entry, so it is read but never written.
/// </summary>
public sealed record Listed(SessionKey Session, long From) : SessionEntry(Session);

/// <summary>A session sets the topic of a room; an empty topic removes it.</summary>
public sealed record TopicSet(SessionKey Session, string Room, string Topic) : SessionEntry(Session);

/// <summary>A session has become an administrator's.</summary>
public sealed record AdminGranted(SessionKey Session) : SessionEntry(Session);

/// <summary>An administrator gives up administrator rights.</summary>
public sealed record AdminRevoked(SessionKey Session) : SessionEntry(Session);

/// <summary>An administrator removes a user from the chat.</summary>
public sealed record Kicked(SessionKey Session, string Nick, string Reason) : SessionEntry(Session);

/// <summary>
/// An administrator removes a user from the chat and bans that user's address, but not the person. Older versions wrote this entry; it is
/// still written while one of them shares the log.
/// </summary>
public sealed record Banned(SessionKey Session, string Nick, string Reason, DateTimeOffset Until) : SessionEntry(Session);

/// <summary>
/// An administrator removes a user from the chat and bans the person: nobody can log in with that nick or that user id.
/// </summary>
/// <param name="Session">The administrator's session.</param>
/// <param name="Nick">The user's nick, ignoring case.</param>
/// <param name="Reason">The reason that the user is given.</param>
/// <param name="Until">When the ban ends.</param>
/// <param name="Address">Whether the user's address is banned too.</param>
public sealed record PersonBanned(SessionKey Session, string Nick, string Reason, DateTimeOffset Until, bool Address)
    : SessionEntry(Session);

/// <summary>An administrator lifts the bans of an address, or those of the person with a nick.</summary>
/// <param name="Session">The administrator's session.</param>
/// <param name="Host">The address, or the nick.</param>
public sealed record Unbanned(SessionKey Session, string Host) : SessionEntry(Session);

/// <summary>
/// An administrator mutes a user until a time. The mute also applies to any user who logs in with that nick or from that address. A time in
/// the past lifts the mute for all of them. Older versions wrote this entry; it is still written while one of them shares the log.
/// </summary>
public sealed record Muted(SessionKey Session, string Nick, DateTimeOffset Until) : SessionEntry(Session)
{
    /// <summary>
    /// Whether the mute outlives the session and applies to other sessions too; null in logs of older versions, where it applied to that
    /// session only.
    /// </summary>
    public bool? Outlives { get; init; }
}

/// <summary>
/// An administrator mutes a person until a time: the user, and whoever logs in with that nick or that user id. A time in the past lifts the
/// person's mutes, and those of the address that the user has now.
/// </summary>
/// <param name="Session">The administrator's session.</param>
/// <param name="Nick">The user's nick, ignoring case.</param>
/// <param name="Until">When the mute ends.</param>
/// <param name="Address">Whether the mute also applies to users who log in from the user's address later.</param>
public sealed record PersonMuted(SessionKey Session, string Nick, DateTimeOffset Until, bool Address) : SessionEntry(Session);

/// <summary>
/// An administrator sends an announcement to every user who is online, in whatever rooms they are, such as a planned restart.
/// </summary>
public sealed record Announced(SessionKey Session, string Text) : SessionEntry(Session);

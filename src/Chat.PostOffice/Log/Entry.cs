using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Texts;

namespace ErlChat.Log;

/// <summary>
/// One fact in the log. A closed set of records. An entry carries everything that applying it needs – its time, ids, random choices and the
/// limits of the node that wrote it – because the fold has no clock, no randomness and no configuration.
/// </summary>
public abstract record Entry
{
    private protected Entry()
    {
    }

    /// <summary>Names the command that this entry is; set by the chat room when it is appended.</summary>
    public CommandId Id { get; init; }

    /// <summary>When the command was given, by the clock of the node that took it.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>Stands in the log's order for an entry that nobody can read. It does nothing, on every node alike; a log gives it out and never takes it.</summary>
public sealed record Unreadable : Entry;

/// <summary>An entry that a session causes. Refused when the session has ended before it.</summary>
/// <param name="Session">Whose command it is.</param>
public abstract record SessionEntry(SessionKey Session) : Entry
{
    /// <summary>The client's idempotency key, at most 64 characters; null when it gave none.</summary>
    public string? Key { get; init; }
}

/// <summary>A session begins.</summary>
/// <param name="Nick">The nick asked for, well-formed.</param>
/// <param name="Name">What the person calls itself.</param>
/// <param name="UserId">A random user id.</param>
/// <param name="WantedUserId">The user id that the client asked for; taken when no live session has it.</param>
/// <param name="AdjustNick">Make the nick unique with digits at the end, instead of refusing it.</param>
/// <param name="Host">Where it comes from, canonical.</param>
/// <param name="Home">The room that it enters with the same entry and cannot leave without leaving altogether; null for none.</param>
/// <param name="HostLimit">How many live sessions its host may have, this one included.</param>
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
    /// <summary>What the nick looks like (<see cref="Skeleton"/>), by the table of the node that took the command; null in logs of versions before.</summary>
    public string? NickLook { get; init; }

    /// <summary>The same of the name, when that is free of the nick.</summary>
    public string? NameLook { get; init; }
}

/// <summary>A session ends: it logged out, or it was idle.</summary>
public sealed record Left(SessionKey Session, CloseReason Reason) : SessionEntry(Session);

/// <summary>A session enters a room, which begins to exist with it. <paramref name="Quiet"/>: it wants to hear what is said, not who comes and goes.</summary>
public sealed record EnteredRoom(SessionKey Session, string Room, bool Quiet, int RoomLimit, int SessionRoomLimit) : SessionEntry(Session)
{
    /// <summary>What the room's name looks like (<see cref="Skeleton"/>), by the table of the node that took the command; null in logs of versions before.</summary>
    public string? Look { get; init; }
}

/// <summary>A session leaves a room.</summary>
public sealed record PartedRoom(SessionKey Session, string Room) : SessionEntry(Session);

/// <summary>A session says something to a room.</summary>
public sealed record Said(SessionKey Session, string Room, string Text, bool Action) : SessionEntry(Session);

/// <summary>A session says something to one other.</summary>
/// <param name="To">The nick; empty when only <see cref="ToId"/> says who.</param>
public sealed record Whispered(SessionKey Session, string To, string Text) : SessionEntry(Session)
{
    /// <summary>The user id of who is meant, and nobody else; null for whoever has the nick.</summary>
    public string? ToId { get; init; }
}

/// <summary>The server says something to one session; <see cref="Notice"/> explains the two texts.</summary>
public sealed record Told(SessionKey Session, string Text, string? Html) : SessionEntry(Session);

/// <summary>
/// A session was shown the list of the lobby's people, and will read on from the sequence <paramref name="From"/>; a <c>From</c> beyond this entry has no
/// effect. Older versions wrote it; now a list is no entry, and this is only read.
/// </summary>
public sealed record Listed(SessionKey Session, long From) : SessionEntry(Session);

/// <summary>A session sets the topic of a room; empty takes it away.</summary>
public sealed record TopicSet(SessionKey Session, string Room, string Topic) : SessionEntry(Session);

/// <summary>A session proved to be an administrator's.</summary>
public sealed record AdminGranted(SessionKey Session) : SessionEntry(Session);

/// <summary>An administrator lays the right down.</summary>
public sealed record AdminRevoked(SessionKey Session) : SessionEntry(Session);

/// <summary>An administrator throws somebody out.</summary>
public sealed record Kicked(SessionKey Session, string Nick, string Reason) : SessionEntry(Session);

/// <summary>An administrator throws somebody out and bans the host that he came from.</summary>
public sealed record Banned(SessionKey Session, string Nick, string Reason, DateTimeOffset Until) : SessionEntry(Session);

/// <summary>An administrator lifts the ban of a host.</summary>
public sealed record Unbanned(SessionKey Session, string Host) : SessionEntry(Session);

/// <summary>
/// An administrator takes somebody's voice away until a time, whoever logs in under that nick or from that address meanwhile included; a time that is past gives it
/// back to all of them.
/// </summary>
public sealed record Muted(SessionKey Session, string Nick, DateTimeOffset Until) : SessionEntry(Session)
{
    /// <summary>Whether it outlives the session that it is for, and holds for others; null in logs of versions before, where it held for that session only.</summary>
    public bool? Outlives { get; init; }
}

/// <summary>An administrator says something to everybody who is here, in whatever rooms they are: that the server will be restarted, for one.</summary>
public sealed record Announced(SessionKey Session, string Text) : SessionEntry(Session);

using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Texts;

namespace ErlChat.Outcomes;

/// <summary>How a command came out. A closed set.</summary>
public abstract record Outcome
{
    private protected Outcome()
    {
    }
}

/// <summary>The command did what it says.</summary>
/// <param name="Sequence">Where its entry is in the log.</param>
public record Accepted(long Sequence) : Outcome;

/// <summary>A session began.</summary>
public sealed record JoinAccepted(long Sequence, Person Who) : Accepted(Sequence);

/// <summary>A session entered a room.</summary>
/// <param name="Members">Everybody in the room, the newcomer last.</param>
public sealed record RoomAccepted(long Sequence, string Room, string Topic, IReadOnlyList<Person> Members) : Accepted(Sequence);

/// <summary>A client begins to read.</summary>
/// <param name="From">
/// What its first poll asks for: a sequence, or a stand-in (<see cref="ShownList.IsStandIn"/>) where another reader of its mailbox may have
/// that cursor.
/// </param>
public sealed record Started(long From) : Outcome;

/// <summary>
/// The people of a room, most recently active first, as of <paramref name="Sequence"/>. One list is given to all who ask at the same time.
/// </summary>
public sealed record PeopleListed(long Sequence, IReadOnlyList<Person> People) : Accepted(Sequence);

/// <summary>The command came before, with the same idempotency key; nothing was done again.</summary>
/// <param name="First">What it came to then.</param>
public sealed record Repeated(Outcome First) : Outcome;

/// <summary>The command changed nothing.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Wait">How long until it may work: the rest of a ban, the time to the next message; null when waiting does not help.</param>
public sealed record Refused(Refusal Why, TimeSpan? Wait = null) : Outcome;

/// <summary>Every reason for which a command is refused.</summary>
public enum Refusal
{
    /// <summary>There is no such session, or it has ended.</summary>
    BadSession,

    /// <summary>The host is banned.</summary>
    HostBanned,

    /// <summary>The host has as many sessions as it may have.</summary>
    HostFull,

    /// <summary>The nick is not 1–16 letters or digits.</summary>
    NickInvalid,

    /// <summary>The nick is in use, or reserved.</summary>
    NickTaken,

    /// <summary>The message is longer than allowed, in characters, bytes, or marks on one letter.</summary>
    TooLong,

    /// <summary>Too many messages in too short a time.</summary>
    RateLimited,

    /// <summary>The session is not in that room.</summary>
    NotInRoom,

    /// <summary>There is no live session with that nick.</summary>
    NoSuchUser,

    /// <summary>An administrator took the session's voice away.</summary>
    Muted,

    /// <summary>No room may have that name (<see cref="RoomName.IsValid"/>, <see cref="NameRule"/>), or it looks like the administrators' password.</summary>
    BadRoomName,

    /// <summary>There is no such room.</summary>
    NoSuchRoom,

    /// <summary>The session is in that room already.</summary>
    AlreadyInRoom,

    /// <summary>The room is the session's home: leaving it is leaving the chat.</summary>
    HomeRoom,

    /// <summary>The session is in as many rooms as it may be, or there are as many rooms as there may be.</summary>
    TooManyRooms,

    /// <summary>Only an administrator may do that.</summary>
    NotAdmin,

    /// <summary>Administrators cannot throw themselves out.</summary>
    NotYourself,

    /// <summary>No such host is banned.</summary>
    NotBanned,

    /// <summary>The idempotency key is longer than 64 characters.</summary>
    BadKey,

    /// <summary>The log cannot take the command now.</summary>
    Unavailable,

    /// <summary>The server stops.</summary>
    Stopping,

    /// <summary>The text looks like the administrators' password (<see cref="AuthText"/>), and was not said.</summary>
    Secret,

    /// <summary>It is not the administrators' password.</summary>
    WrongPassword,

    /// <summary>No administrators' password is configured.</summary>
    AdministrationOff,

    /// <summary>The text has a control character, or nothing of it can be seen.</summary>
    BadText,

    /// <summary>A room's name looks like that of another.</summary>
    LooksAlike,
}

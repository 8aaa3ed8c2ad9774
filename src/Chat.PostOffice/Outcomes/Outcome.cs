using System.Text.Json.Serialization;
using ErlChat.Names;
using ErlChat.Texts;

namespace ErlChat.Outcomes;

/// <summary>The outcome of a command. A closed set.</summary>
public abstract record Outcome
{
    private protected Outcome()
    {
    }
}

/// <summary>The command took effect.</summary>
/// <param name="Sequence">The sequence of its entry.</param>
public record Accepted(long Sequence) : Outcome;

/// <summary>A session began.</summary>
public sealed record JoinAccepted(long Sequence, Person Who) : Accepted(Sequence);

/// <summary>A session entered a room.</summary>
/// <param name="Sequence">The sequence of the entry.</param>
/// <param name="Room">The room's address.</param>
/// <param name="Topic">The room's topic; empty for none.</param>
/// <param name="Members">Everyone in the room, the new member last.</param>
public sealed record RoomAccepted(long Sequence, string Room, string Topic, IReadOnlyList<Person> Members) : Accepted(Sequence)
{
    /// <summary>The name that people see since the room was renamed; null if that is the address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }
}

/// <summary>A client begins to read.</summary>
/// <param name="From">
/// The cursor of its first poll: a sequence, or a stand-in (<c>ShownList.IsStandIn</c>) if another reader of its mailbox may have
/// that cursor.
/// </param>
public sealed record Started(long From) : Outcome;

/// <summary>
/// The users in a room, most recently active first, as of <paramref name="Sequence"/>. All callers that ask at the same time get the same
/// list.
/// </summary>
public sealed record PeopleListed(long Sequence, IReadOnlyList<Person> People) : Accepted(Sequence)
{
    /// <summary>The nicks of those who are away.</summary>
    public IReadOnlySet<string> Away { get; init; } = System.Collections.Frozen.FrozenSet<string>.Empty;
}

/// <summary>A command with this idempotency key has already been applied; nothing was done again.</summary>
/// <param name="First">The outcome of the first one.</param>
public sealed record Repeated(Outcome First) : Outcome;

/// <summary>The outcomes of several commands that have one entry.</summary>
/// <param name="All">In the order of the commands.</param>
public sealed record EachOutcome(IReadOnlyList<Outcome> All) : Outcome;

/// <summary>The command changed nothing, because another node has taken over the session in the meantime.</summary>
public sealed record MovedOn : Outcome;

/// <summary>The command changed nothing.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Wait">How long until it may succeed, such as the rest of a ban; null if waiting does not help.</param>
public sealed record Refused(Refusal Why, TimeSpan? Wait = null) : Outcome;

/// <summary>Every reason for refusing a command.</summary>
public enum Refusal
{
    /// <summary>There is no such session, or it has ended.</summary>
    BadSession,

    /// <summary>The address or the person is banned.</summary>
    HostBanned,

    /// <summary>The address has as many sessions as it may have.</summary>
    HostFull,

    /// <summary>The nick is not made of letters and digits, or is empty.</summary>
    NickInvalid,

    /// <summary>The nick is in use, or reserved.</summary>
    NickTaken,

    /// <summary>The message is too long in characters or bytes, or has too many marks on one letter.</summary>
    TooLong,

    /// <summary>Too many requests in too short a time.</summary>
    RateLimited,

    /// <summary>The session is not in that room.</summary>
    NotInRoom,

    /// <summary>There is no live session with that nick.</summary>
    NoSuchUser,

    /// <summary>An administrator has muted the user.</summary>
    Muted,

    /// <summary>
    /// The name is not valid for a room (<see cref="RoomName.IsValid"/>, <see cref="NameRule"/>), or looks like the administrators'
    /// password.
    /// </summary>
    BadRoomName,

    /// <summary>There is no such room.</summary>
    NoSuchRoom,

    /// <summary>The session is in that room already.</summary>
    AlreadyInRoom,

    /// <summary>The room is the session's home, which it can only leave by logging out.</summary>
    HomeRoom,

    /// <summary>The session is in as many rooms as it may be, or as many rooms exist as may exist.</summary>
    TooManyRooms,

    /// <summary>The command is for administrators only.</summary>
    NotAdmin,

    /// <summary>Administrators cannot do this to themselves.</summary>
    NotYourself,

    /// <summary>There is no such ban.</summary>
    NotBanned,

    /// <summary>The idempotency key is longer than 64 characters.</summary>
    BadKey,

    /// <summary>
    /// The log cannot accept the command now. Usually it has had no effect. If the log ended while the command was in progress, it may take
    /// effect on the other nodes.
    /// </summary>
    Unavailable,

    /// <summary>The server is stopping.</summary>
    Stopping,

    /// <summary>The text looks like the administrators' password (<see cref="AuthText"/>), so it was not sent.</summary>
    Secret,

    /// <summary>The password is wrong: the administrators', or a member's. Also if there is no such member.</summary>
    WrongPassword,

    /// <summary>No administrators' password is configured.</summary>
    AdministrationOff,

    /// <summary>The text has a control character, or nothing in it is visible.</summary>
    BadText,

    /// <summary>The name looks like another room's name.</summary>
    LooksAlike,

    /// <summary>The person is a member already.</summary>
    AlreadyMember,

    /// <summary>There is no such member.</summary>
    NotMember,

    /// <summary>There are as many members as there may be.</summary>
    TooManyMembers,

    /// <summary>Nobody can become a member on this server (<c>Chat:Registration</c>).</summary>
    RegistrationClosed,

    /// <summary>Only who has an administrator's invitation can become a member on this server (<c>Chat:Registration</c>).</summary>
    InvitationNeeded,

    /// <summary>Only members can log in on this server (<c>Chat:Guests</c>).</summary>
    NoGuests,

    /// <summary>The new password is too short, too long, or the nick.</summary>
    BadPassword,

    /// <summary>The person has no such session.</summary>
    NoSuchDevice,

    /// <summary>The link, or the invitation to register, is wrong, was used up or revoked, or has expired.</summary>
    BadLink,

    /// <summary>
    /// The name cannot be used. Whether it is that of a private room, to which the user is not invited, is not said.
    /// </summary>
    NameNotFree,

    /// <summary>Only moderators may speak in the room.</summary>
    RoomLocked,

    /// <summary>Nobody may speak in the room.</summary>
    RoomArchived,

    /// <summary>The user has to wait before speaking in the room again.</summary>
    SlowMode,

    /// <summary>The command is for the room's moderators only.</summary>
    NotModerator,

    /// <summary>The command is for the room's owner only, or would be directed against the owner or another moderator.</summary>
    NotOwner,

    /// <summary>The room, or the server for new members, has as many open invitations as it may have.</summary>
    TooManyInvitations,

    /// <summary>The room has as many moderators as it may have.</summary>
    TooManyModerators,

    /// <summary>The room has as many links as it may have.</summary>
    TooManyLinks,

    /// <summary>The user ignores as many others as one may.</summary>
    TooManyIgnored,

    /// <summary>The nick is too long, and the client's nicks are not cut.</summary>
    NickTooLong,

    /// <summary>The nick mixes letters or digits of several scripts.</summary>
    NickMixed,

    /// <summary>
    /// There is no such message, or it is not the user's, or the user may not know of it: the answer is the same for all of them.
    /// </summary>
    NoSuchMessage,

    /// <summary>The message is too old to be edited.</summary>
    TooOld,

    /// <summary>The reaction is not one emoji.</summary>
    BadEmoji,

    /// <summary>The message has as many different reactions, or as many in all, as it may have.</summary>
    TooManyReactions,
}

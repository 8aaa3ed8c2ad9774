using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Why the server, or the client itself, refused a request.</summary>
public enum ChatRefusal
{
    /// <summary>A reason that is newer than this library; see <see cref="ChatRefusedException.Word"/>.</summary>
    Other,

    NickInUse,

    /// <summary>The nick is not 1 to 16 letters or digits of one script, or is reserved for the server.</summary>
    NickNotAllowed,

    /// <summary>Comes with <see cref="ChatRefusedException.RetryAfter"/>.</summary>
    HostBanned,

    HostFull,

    /// <summary>
    /// The session has ended: the client left or was kicked or banned, or the server ended it while <see cref="ChatClientOptions.Rejoin"/>
    /// is off.
    /// </summary>
    SessionEnded,

    /// <summary>The message is too long in characters or bytes, or has too many combining marks on one letter.</summary>
    TooLong,

    NotInRoom,

    NoSuchUser,

    NoSuchRoom,

    BadRoomName,

    AlreadyInRoom,

    /// <summary>The user can only leave the lobby by leaving the chat.</summary>
    HomeRoom,

    TooManyRooms,

    /// <summary>Comes with <see cref="ChatRefusedException.RetryAfter"/>.</summary>
    Muted,

    NotAllowed,

    /// <summary>The administrators' or the member's password is wrong, or there is no member of that nick.</summary>
    WrongPassword,

    /// <summary>As many messages are waiting as <see cref="ChatClientOptions.MaxPendingSends"/> allows. The server was not asked.</summary>
    TooManyPending,

    /// <summary>The text has a control character other than a line end or a tab.</summary>
    BadText,

    /// <summary>The name of a new room looks like the name of another.</summary>
    LooksAlike,

    /// <summary>The room's name cannot be used. It may be that of a private room, to which the user is not invited.</summary>
    NameNotFree,

    /// <summary>Only moderators may speak in the room.</summary>
    RoomLocked,

    /// <summary>Nobody may speak in the room.</summary>
    RoomArchived,

    /// <summary>The room is in slow mode; comes with <see cref="ChatRefusedException.RetryAfter"/>. The client does not wait.</summary>
    SlowMode,

    NotModerator,

    NotOwner,

    TooManyInvitations,

    TooManyModerators,

    /// <summary>
    /// Too many tries of a password; comes with <see cref="ChatRefusedException.RetryAfter"/>. Calls without a password wait instead.
    /// </summary>
    RateLimited,

    /// <summary>Only members can log in, and no password was given.</summary>
    NoGuests,

    /// <summary>The user owns the nick already.</summary>
    AlreadyMember,

    /// <summary>The user is a guest, who has no password.</summary>
    NotMember,

    TooManyMembers,

    /// <summary>The server takes no new members.</summary>
    RegistrationClosed,

    /// <summary>The new password is too short, too long, or the nick itself.</summary>
    BadPassword,

    NoSuchDevice,

    /// <summary>Only those can become members who have an invitation.</summary>
    InvitationNeeded,

    /// <summary>The link was used up, revoked or replaced, is too old, or never was one.</summary>
    BadLink,

    /// <summary>The room has as many links as the server allows.</summary>
    TooManyLinks,

    /// <summary>The user ignores as many others as the server allows.</summary>
    TooManyIgnored,

    /// <summary>There is no such message, or it is somebody else's, or the user may not know of it.</summary>
    NoSuchMessage,

    /// <summary>The message is too old to be edited.</summary>
    TooOld,

    /// <summary>The reaction is not one emoji.</summary>
    BadEmoji,

    /// <summary>The message has as many reactions as the server allows.</summary>
    TooManyReactions,
}

/// <summary>Maps the words of the wire to reasons.</summary>
internal static class ChatRefusals
{
    internal static ChatRefusal Of(string word) => word switch
    {
        LoginRefusals.NickInUse => ChatRefusal.NickInUse,
        LoginRefusals.NickNotAllowed => ChatRefusal.NickNotAllowed,
        LoginRefusals.HostBanned => ChatRefusal.HostBanned,
        LoginRefusals.HostFull => ChatRefusal.HostFull,
        CometErrors.BadSession => ChatRefusal.SessionEnded,
        CometErrors.TooLong => ChatRefusal.TooLong,
        CometErrors.NotInRoom => ChatRefusal.NotInRoom,
        CometErrors.NoSuchUser => ChatRefusal.NoSuchUser,
        CometErrors.NoSuchRoom => ChatRefusal.NoSuchRoom,
        CometErrors.BadRoomName => ChatRefusal.BadRoomName,
        CometErrors.AlreadyInRoom => ChatRefusal.AlreadyInRoom,
        CometErrors.HomeRoom => ChatRefusal.HomeRoom,
        CometErrors.TooManyRooms => ChatRefusal.TooManyRooms,
        CometErrors.BadText => ChatRefusal.BadText,
        CometErrors.LooksAlike => ChatRefusal.LooksAlike,
        CometErrors.NameNotFree => ChatRefusal.NameNotFree,
        CometErrors.RoomLocked => ChatRefusal.RoomLocked,
        CometErrors.RoomArchived => ChatRefusal.RoomArchived,
        CometErrors.SlowMode => ChatRefusal.SlowMode,
        CometErrors.NotModerator => ChatRefusal.NotModerator,
        CometErrors.NotOwner => ChatRefusal.NotOwner,
        CometErrors.TooManyInvitations => ChatRefusal.TooManyInvitations,
        CometErrors.TooManyModerators => ChatRefusal.TooManyModerators,
        CometErrors.RateLimited => ChatRefusal.RateLimited,
        CometErrors.Muted => ChatRefusal.Muted,
        CometErrors.NotAllowed => ChatRefusal.NotAllowed,
        CometErrors.WrongPassword => ChatRefusal.WrongPassword,
        LoginRefusals.NoGuests => ChatRefusal.NoGuests,
        CometErrors.AlreadyMember => ChatRefusal.AlreadyMember,
        CometErrors.NotMember => ChatRefusal.NotMember,
        CometErrors.TooManyMembers => ChatRefusal.TooManyMembers,
        CometErrors.RegistrationClosed => ChatRefusal.RegistrationClosed,
        CometErrors.BadPassword => ChatRefusal.BadPassword,
        CometErrors.NoSuchDevice => ChatRefusal.NoSuchDevice,
        CometErrors.InvitationNeeded => ChatRefusal.InvitationNeeded,
        CometErrors.BadLink => ChatRefusal.BadLink,
        CometErrors.TooManyLinks => ChatRefusal.TooManyLinks,
        CometErrors.TooManyIgnored => ChatRefusal.TooManyIgnored,
        CometErrors.NoSuchMessage => ChatRefusal.NoSuchMessage,
        CometErrors.TooOld => ChatRefusal.TooOld,
        CometErrors.BadEmoji => ChatRefusal.BadEmoji,
        CometErrors.TooManyReactions => ChatRefusal.TooManyReactions,
        _ => ChatRefusal.Other,
    };
}

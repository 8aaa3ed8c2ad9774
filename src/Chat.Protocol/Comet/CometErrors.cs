namespace ErlChat.Protocol.Comet;

/// <summary>The error words of <c>{"status":"error","response":…}</c>.</summary>
public static class CometErrors
{
    /// <summary>The session does not exist or has ended. If it has just ended, a <c>reason</c> says why. Log in again.</summary>
    public const string BadSession = "bad_session";

    /// <summary>The server cannot continue from this cursor without a gap. Call start and online again.</summary>
    public const string Resync = "resync";

    /// <summary>Another poll of the session replaced this one. Stop polling.</summary>
    public const string Superseded = "superseded";

    /// <summary>The message is too long in characters or bytes, or has too many marks on one letter.</summary>
    public const string TooLong = "too_long";

    /// <summary>The text has a control character other than a line end or a tab.</summary>
    public const string BadText = "bad_text";

    /// <summary>Comes with <c>retry_after</c>, in seconds.</summary>
    public const string RateLimited = "rate_limited";

    public const string NotInRoom = "not_in_room";

    public const string NoSuchUser = "no_such_user";

    public const string Muted = "muted";

    public const string BadRoomName = "bad_room_name";

    /// <summary>The name of a new room looks like the name of another.</summary>
    public const string LooksAlike = "looks_alike";

    /// <summary>The caller is a member already.</summary>
    public const string AlreadyMember = "already_member";

    /// <summary>There is no such member.</summary>
    public const string NotMember = "not_member";

    /// <summary>There are as many members as there may be.</summary>
    public const string TooManyMembers = "too_many_members";

    /// <summary>Nobody can become a member on this server.</summary>
    public const string RegistrationClosed = "registration_closed";

    /// <summary>The new password is too short, too long, or the nick.</summary>
    public const string BadPassword = "bad_password";

    /// <summary>The caller has no such device.</summary>
    public const string NoSuchDevice = "no_such_device";

    /// <summary>The reset link is wrong, was used, or has expired.</summary>
    public const string BadLink = "bad_link";

    /// <summary>
    /// The room's name cannot be used. Whether it is that of a private room, to which the user is not invited, is not said.
    /// </summary>
    public const string NameNotFree = "name_not_free";

    /// <summary>Only moderators may speak in the room.</summary>
    public const string RoomLocked = "room_locked";

    /// <summary>Nobody may speak in the room.</summary>
    public const string RoomArchived = "room_archived";

    /// <summary>The user has to wait before speaking in the room again. Comes with <c>retry_after</c>, in seconds.</summary>
    public const string SlowMode = "slow_mode";

    /// <summary>Only moderators of the room may do this.</summary>
    public const string NotModerator = "not_moderator";

    /// <summary>Only the owner of the room may do this.</summary>
    public const string NotOwner = "not_owner";

    /// <summary>Only those can become members who have an administrator's invitation, and none was given.</summary>
    public const string InvitationNeeded = "invitation_needed";

    public const string TooManyInvitations = "too_many_invitations";

    public const string TooManyModerators = "too_many_moderators";

    /// <summary>The room has as many links as it may have.</summary>
    public const string TooManyLinks = "too_many_links";

    /// <summary>The user ignores as many others as one may.</summary>
    public const string TooManyIgnored = "too_many_ignored";

    /// <summary>Not an e-mail address to which the server can send.</summary>
    public const string BadEmail = "bad_email";

    /// <summary>There is no such message, or it is not the caller's, or the caller may not know of it.</summary>
    public const string NoSuchMessage = "no_such_message";

    /// <summary>The message is too old to be edited.</summary>
    public const string TooOld = "too_old";

    /// <summary>The reaction is not one emoji.</summary>
    public const string BadEmoji = "bad_emoji";

    /// <summary>The message has as many different reactions, or as many in all, as it may have.</summary>
    public const string TooManyReactions = "too_many_reactions";

    public const string NoSuchRoom = "no_such_room";

    public const string AlreadyInRoom = "already_in_room";

    /// <summary>The user can only leave the lobby by leaving the chat.</summary>
    public const string HomeRoom = "home_room";

    public const string TooManyRooms = "too_many_rooms";

    /// <summary>The idempotency key is too long.</summary>
    public const string BadKey = "bad_key";

    /// <summary>A query parameter is invalid.</summary>
    public const string BadRequest = "bad_request";

    /// <summary>The search has no words, has an open quote, or is too long.</summary>
    public const string BadQuery = "bad_query";

    /// <summary>The search was stopped because it took too long. Rarer words, or a single room, make it faster.</summary>
    public const string TooSlow = "too_slow";

    /// <summary>A request that changes something came from another site.</summary>
    public const string CrossSite = "cross_site";

    /// <summary>The text looks like the administrators' password, so it was not sent.</summary>
    public const string Secret = "secret";

    /// <summary>The administrators' password is wrong, or the caller's own.</summary>
    public const string WrongPassword = "wrong_password";

    /// <summary>
    /// The server cannot accept messages now. Try again, with the same key: in rare cases the message has been accepted after all.
    /// </summary>
    public const string Unavailable = "unavailable";

    /// <summary>The server is stopping. Comes with <c>retry_after</c>, in seconds.</summary>
    public const string Stopping = "stopping";

    public const string NotAllowed = "not_allowed";

    /// <summary>An operation of this kind is already running; a <c>reason</c> says which. Try again when it has finished.</summary>
    public const string Busy = "busy";

    /// <summary>The log is in memory or in PostgreSQL, so the server cannot back it up.</summary>
    public const string NoDatabase = "no_database";
}

namespace ErlChat.Protocol.Comet;

/// <summary>The words of <c>{"status":"error","response":…}</c>.</summary>
public static class CometErrors
{
    /// <summary>There is no such session (any more); a <c>reason</c> says why when it has just ended. Log in again.</summary>
    public const string BadSession = "bad_session";

    /// <summary>The cursor cannot be continued from without a gap. Call start and online again.</summary>
    public const string Resync = "resync";

    /// <summary>Another poll of the session took this one's place. Stop polling.</summary>
    public const string Superseded = "superseded";

    /// <summary>In characters, in bytes, or in marks on one letter.</summary>
    public const string TooLong = "too_long";

    /// <summary>The text has a control character other than a line end or a tab.</summary>
    public const string BadText = "bad_text";

    /// <summary>With <c>retry_after</c>, in seconds.</summary>
    public const string RateLimited = "rate_limited";

    public const string NotInRoom = "not_in_room";

    public const string NoSuchUser = "no_such_user";

    public const string Muted = "muted";

    public const string BadRoomName = "bad_room_name";

    /// <summary>The name of a new room looks like that of another.</summary>
    public const string LooksAlike = "looks_alike";

    public const string NoSuchRoom = "no_such_room";

    public const string AlreadyInRoom = "already_in_room";

    /// <summary>The lobby cannot be left but by leaving the chat.</summary>
    public const string HomeRoom = "home_room";

    public const string TooManyRooms = "too_many_rooms";

    /// <summary>The idempotency key is too long.</summary>
    public const string BadKey = "bad_key";

    /// <summary>A query parameter is not what it should be.</summary>
    public const string BadRequest = "bad_request";

    /// <summary>A search without words, with an open quote, or too long.</summary>
    public const string BadQuery = "bad_query";

    /// <summary>A search was given up because it took too long. Rarer words, or one room, make it quicker.</summary>
    public const string TooSlow = "too_slow";

    /// <summary>A request that changes something came from another site.</summary>
    public const string CrossSite = "cross_site";

    /// <summary>The text looks like the administrators' password and was not said.</summary>
    public const string Secret = "secret";

    /// <summary>It is not the administrators' password.</summary>
    public const string WrongPassword = "wrong_password";

    /// <summary>The server cannot take messages now. Try again.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The server stops; with <c>retry_after</c>, in seconds.</summary>
    public const string Stopping = "stopping";

    public const string NotAllowed = "not_allowed";

    /// <summary>Another of its kind is being done; a <c>reason</c> says what. Try again when it has ended.</summary>
    public const string Busy = "busy";

    /// <summary>The log is in memory, so it cannot be backed up.</summary>
    public const string NoDatabase = "no_database";
}

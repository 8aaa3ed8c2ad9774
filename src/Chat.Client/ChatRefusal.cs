using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Why the server, or the client for it, did not do what was asked.</summary>
public enum ChatRefusal
{
    /// <summary>A reason that is newer than this library; <see cref="ChatRefusedException.Word"/> has it.</summary>
    Other,

    NickInUse,

    /// <summary>Not 1–16 letters or digits, or reserved for the server's own voice.</summary>
    NickNotAllowed,

    /// <summary>With <see cref="ChatRefusedException.RetryAfter"/>.</summary>
    HostBanned,

    HostFull,

    /// <summary>The session has ended: left, kicked, banned, or forgotten while <see cref="ChatClientOptions.Rejoin"/> is off.</summary>
    SessionEnded,

    /// <summary>In characters, bytes, or combining marks on one letter.</summary>
    TooLong,

    NotInRoom,

    NoSuchUser,

    NoSuchRoom,

    BadRoomName,

    AlreadyInRoom,

    /// <summary>The lobby cannot be left but by leaving the chat.</summary>
    HomeRoom,

    TooManyRooms,

    /// <summary>With <see cref="ChatRefusedException.RetryAfter"/>.</summary>
    Muted,

    NotAllowed,

    /// <summary>It is not the administrators' password.</summary>
    WrongPassword,

    /// <summary>As many messages wait already as <see cref="ChatClientOptions.MaxPendingSends"/> allows; the server was not asked.</summary>
    TooManyPending,

    /// <summary>The text has a control character other than a line end or a tab.</summary>
    BadText,

    /// <summary>The name of a new room looks like that of another.</summary>
    LooksAlike,

    /// <summary>Too many tries of the administrators' password; with <see cref="ChatRefusedException.RetryAfter"/>. Other calls wait for as long by themselves.</summary>
    RateLimited,
}

/// <summary>From the words of the wire.</summary>
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
        CometErrors.RateLimited => ChatRefusal.RateLimited,
        CometErrors.Muted => ChatRefusal.Muted,
        CometErrors.NotAllowed => ChatRefusal.NotAllowed,
        CometErrors.WrongPassword => ChatRefusal.WrongPassword,
        _ => ChatRefusal.Other,
    };
}

namespace ErlChat.Limits;

/// <summary>What a limit counts.</summary>
public enum LimitKind
{
    /// <summary>Messages, commands, rooms entered and left.</summary>
    Messages,

    /// <summary>Bytes that commands add to the log.</summary>
    LogBytes,

    /// <summary>Sessions begun; the leave that follows is paid with it.</summary>
    Logins,

    /// <summary>Requests that are answered at once.</summary>
    Reads,

    /// <summary>Health checks.</summary>
    Probes,

    /// <summary>Open connections.</summary>
    Connections,

    /// <summary>WebSocket pings, pongs and empty fragments.</summary>
    ControlFrames,

    /// <summary>Passwords tried.</summary>
    AdminTries,

    /// <summary>Searches that wait for the session's turn.</summary>
    Searches,
}

/// <summary>Whose budget a limit is.</summary>
public enum LimitScope
{
    Session,

    /// <summary>An IPv4 address or an IPv6 /64.</summary>
    Address,

    /// <summary>An IPv6 /48.</summary>
    Network,

    Server,

    /// <summary>A single connection.</summary>
    Connection,
}

/// <summary>One limit: what it counts, for whom.</summary>
public readonly record struct Limit(LimitKind Kind, LimitScope Scope);

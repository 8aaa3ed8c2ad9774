namespace ErlChat.Limits;

/// <summary>What a limit counts.</summary>
public enum LimitKind
{
    /// <summary>Messages, commands, and rooms entered and left.</summary>
    Messages,

    /// <summary>Bytes that commands add to the log.</summary>
    LogBytes,

    /// <summary>Logins. Each also pays for the later leave.</summary>
    Logins,

    /// <summary>Requests that are answered at once.</summary>
    Reads,

    /// <summary>Health checks.</summary>
    Probes,

    /// <summary>Open connections.</summary>
    Connections,

    /// <summary>WebSocket pings, pongs and empty fragments.</summary>
    ControlFrames,

    /// <summary>Passwords of the administrators that were tried.</summary>
    AdminTries,

    /// <summary>Passwords of members that were tried.</summary>
    PasswordTries,

    /// <summary>Searches that wait for the session's turn.</summary>
    Searches,

    /// <summary>E-mails to members, and requests for them.</summary>
    Emails,
}

/// <summary>Who shares a limit.</summary>
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

/// <summary>One limit: what it counts, and for whom.</summary>
public readonly record struct Limit(LimitKind Kind, LimitScope Scope);

namespace ErlChat.Sessions;

/// <summary>Why a session ended.</summary>
public enum CloseReason
{
    /// <summary>It logged out.</summary>
    Left,

    /// <summary>It was idle for too long.</summary>
    Timeout,

    /// <summary>An administrator threw it out.</summary>
    Kicked,

    /// <summary>An administrator threw it out, and its address is banned.</summary>
    Banned,
}

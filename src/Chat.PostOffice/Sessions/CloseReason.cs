namespace ErlChat.Sessions;

/// <summary>Why a session ended.</summary>
public enum CloseReason
{
    /// <summary>The user logged out.</summary>
    Left,

    /// <summary>The session was idle for too long.</summary>
    Timeout,

    /// <summary>An administrator removed the user.</summary>
    Kicked,

    /// <summary>An administrator removed the user and banned the address.</summary>
    Banned,
}

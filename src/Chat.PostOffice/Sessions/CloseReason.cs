namespace ErlChat.Sessions;

/// <summary>Why a session, or only its mailbox, was closed.</summary>
public enum CloseReason
{
    /// <summary>The user logged out.</summary>
    Left,

    /// <summary>The session was idle for too long. Its user may be able to come back.</summary>
    Timeout,

    /// <summary>An administrator removed the user.</summary>
    Kicked,

    /// <summary>An administrator removed the user and banned the address.</summary>
    Banned,
}

namespace ErlChat.Mailboxes;

/// <summary>Why a parked read ended. A wake says why, never what: the woken reader reads again from its own cursor.</summary>
public enum Wake
{
    /// <summary>There is mail.</summary>
    Mail,

    /// <summary>Nothing came in time.</summary>
    Timeout,

    /// <summary>The reader went away.</summary>
    Aborted,

    /// <summary>The mailbox was closed: the session ended.</summary>
    Closed,

    /// <summary>The session parked one read too many, and this was the oldest.</summary>
    Superseded,

    /// <summary>The server stops.</summary>
    Stopping,
}

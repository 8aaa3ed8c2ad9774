namespace ErlChat.Mailboxes;

/// <summary>Why a parked read ended. It says why, not what: a woken reader reads again from its own cursor.</summary>
public enum Wake
{
    /// <summary>There is mail.</summary>
    Mail,

    /// <summary>No mail came in time.</summary>
    Timeout,

    /// <summary>The reader has gone away.</summary>
    Aborted,

    /// <summary>The mailbox was closed: the session ended.</summary>
    Closed,

    /// <summary>The session parked too many reads, and this one was the oldest.</summary>
    Superseded,

    /// <summary>The server is stopping.</summary>
    Stopping,
}

using ErlChat.Sessions;

namespace ErlChat.Mailboxes;

/// <summary>How a read of a mailbox came out.</summary>
public enum MailStatus
{
    /// <summary>There is mail, at least one mail.</summary>
    Mail,

    /// <summary>Nothing came in time.</summary>
    Timeout,

    /// <summary>The cursor is not one that this mailbox can continue from without a gap.</summary>
    Resync,

    /// <summary>The session has ended, and there is nothing left to read.</summary>
    Closed,

    /// <summary>The reader was one too many, and the oldest.</summary>
    Superseded,

    /// <summary>The server stops; nothing is lost, the same cursor can be read after the restart.</summary>
    Stopping,

    /// <summary>The reader went away.</summary>
    Aborted,
}

/// <summary>The outcome of a read.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Mail">Ascending by sequence; empty unless <see cref="MailStatus.Mail"/>.</param>
/// <param name="Reason">Why the session ended; only with <see cref="MailStatus.Closed"/>.</param>
public readonly record struct MailRead(MailStatus Status, Mail[] Mail, CloseReason Reason = default)
{
    internal static MailRead Of(MailStatus status) => new(status, []);

    /// <summary>What a wake means to a reader that is not to read again.</summary>
    internal static MailRead Of(Wake wake) => wake switch
    {
        Wake.Timeout => Of(MailStatus.Timeout),
        Wake.Aborted => Of(MailStatus.Aborted),
        Wake.Superseded => Of(MailStatus.Superseded),
        Wake.Stopping => Of(MailStatus.Stopping),
        _ => throw new System.Diagnostics.UnreachableException(wake.ToString()),
    };
}

using ErlChat.Sessions;

namespace ErlChat.Mailboxes;

/// <summary>The result of reading a mailbox.</summary>
public enum MailStatus
{
    /// <summary>There is at least one mail.</summary>
    Mail,

    /// <summary>No mail, but somebody types. The cursor stays where it was.</summary>
    Typing,

    /// <summary>No mail came in time.</summary>
    Timeout,

    /// <summary>The mailbox cannot continue from this cursor without a gap.</summary>
    Resync,

    /// <summary>The session has ended, and nothing is left to read.</summary>
    Closed,

    /// <summary>The session parked too many reads, and this one was the oldest.</summary>
    Superseded,

    /// <summary>The server is stopping. Nothing is lost: the same cursor can be read after the restart.</summary>
    Stopping,

    /// <summary>The reader has gone away.</summary>
    Aborted,
}

/// <summary>The result of a read.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Mail">Ascending by sequence; empty unless the status is <see cref="MailStatus.Mail"/>.</param>
/// <param name="Reason">Why the session ended; only with <see cref="MailStatus.Closed"/>.</param>
/// <param name="Signal">Who types; only with <see cref="MailStatus.Typing"/>.</param>
public readonly record struct MailRead(MailStatus Status, Mail[] Mail, CloseReason Reason = default, TypingSignal? Signal = null)
{
    internal static MailRead Of(MailStatus status) => new(status, []);

    /// <summary>The result for a reader that does not read again after being woken.</summary>
    internal static MailRead Of(Wake wake) => wake switch
    {
        Wake.Timeout => Of(MailStatus.Timeout),
        Wake.Aborted => Of(MailStatus.Aborted),
        Wake.Superseded => Of(MailStatus.Superseded),
        Wake.Stopping => Of(MailStatus.Stopping),
        _ => throw new System.Diagnostics.UnreachableException(wake.ToString()),
    };
}

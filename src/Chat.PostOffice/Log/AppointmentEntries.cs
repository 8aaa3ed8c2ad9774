using ErlChat.Sessions;

namespace ErlChat.Log;

/// <summary>
/// An administrator gives a member the rights of one for good, or takes them back: on all devices, and after every login.
/// </summary>
/// <param name="Session">The administrator's session.</param>
/// <param name="Nick">The member's nick. Rights that a password gave are taken back too.</param>
public sealed record AdminAppointed(SessionKey Session, string Nick) : SessionEntry(Session)
{
    /// <summary>Whether the rights are taken back; null if not.</summary>
    public bool? Withdrawn { get; init; }
}

/// <summary>
/// The operator of the server makes a member an administrator for good. No session gave this command: whoever can run programs on the
/// server's machine may. Refused if there is no such member.
/// </summary>
/// <param name="UserId">The member's user id.</param>
public sealed record OperatorAppointed(string UserId) : Entry;

using ErlChat.Sessions;

namespace ErlChat.Log;

/// <summary>
/// A person is erased, at their own request or by an administrator: the sessions, the nick and everything they wrote. The stored log and
/// history follow later (docs/adr/0020).
/// </summary>
/// <param name="Session">Who asks for it: one of the person's own sessions, or an administrator's.</param>
/// <param name="Person">The key of the person's first session, which no other person can have.</param>
/// <param name="UserId">The person's user id.</param>
/// <param name="Since">The sequence of the entry with which the person came; 0 if that is not known.</param>
public sealed record Erased(SessionKey Session, SessionKey Person, string UserId, long Since) : SessionEntry(Session)
{
    /// <summary>The person's nick, so that it can be found in the stored log; null once it has been removed there.</summary>
    public string? Nick { get; init; }
}

/// <summary>
/// The server forgets from which addresses people logged in before a time. Bans and mutes of addresses keep theirs until they end. No
/// session causes it.
/// </summary>
/// <param name="Before">Addresses that were used before this are forgotten.</param>
public sealed record ForgotAddresses(DateTimeOffset Before) : Entry;

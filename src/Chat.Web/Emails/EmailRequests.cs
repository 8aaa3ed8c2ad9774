using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Web.Emails;

/// <summary>What members ask e-mails for: to confirm their address, and to choose a new password.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EmailRequests(MemberAccounts members, EmailQueue queue, EmailLimits limits, EmailTexts texts)
{
    /// <summary>
    /// Sends a link for a new password to a member who forgot the old one. The answer is the same whether or not there is such a member:
    /// who it is, and whether that member gets an e-mail, is found out later.
    /// </summary>
    /// <param name="nick">As typed.</param>
    /// <param name="host">The address that asks.</param>
    /// <returns>Null, or refused for RateLimited or Unavailable.</returns>
    internal Refused? SendReset(string nick, string host)
    {
        if (limits.Ask(host) is { } wait)
            return new Refused(Refusal.RateLimited, wait);
        return queue.TryAdd(new WaitingEmail(WriteAsync)) ? null : new Refused(Refusal.Unavailable);

        async ValueTask<OutgoingEmail?> WriteAsync(CancellationToken stopping) =>
            await members.CreateForgottenLinkAsync(nick, Admits, stopping) is { } made
                ? texts.ForReset(made.Address, made.Member.Nick, made.Link)
                : null;

        bool Admits(Person member, string address) => limits.Send(EmailKind.Reset, member.UserId, address) is null;
    }

    /// <summary>Sends a link to a member's new address, which counts once the member has opened the link.</summary>
    /// <param name="session">The member's session.</param>
    /// <param name="address">The address (<see cref="EmailAddress.IsValid"/>).</param>
    /// <param name="password">The member's password, as typed.</param>
    /// <param name="host">The address that asks.</param>
    /// <param name="gone">Ends waiting for the database.</param>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotMember, WrongPassword, RateLimited or Unavailable.
    /// </returns>
    internal async Task<Outcome> SendConfirmationAsync(
        SessionKey session, string address, string password, string host, CancellationToken gone)
    {
        (Person? member, Refused? refused) = await members.ProveAsync(session, password, gone);
        if (member is null)
            return refused!;
        if ((limits.Ask(host) ?? limits.Send(EmailKind.Confirmation, member.UserId, address)) is { } wait)
            return new Refused(Refusal.RateLimited, wait);
        if (await members.CreateEmailLinkAsync(member, address) is not { } link)
            return new Refused(Refusal.Unavailable);
        OutgoingEmail email = texts.ForConfirmation(address, member.Nick, link);
        return queue.TryAdd(new WaitingEmail(_ => ValueTask.FromResult<OutgoingEmail?>(email)))
            ? new Accepted(0)
            : new Refused(Refusal.Unavailable);
    }
}

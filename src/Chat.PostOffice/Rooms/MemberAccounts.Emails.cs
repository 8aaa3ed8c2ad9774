using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>E-mail addresses of members, and links for those who forgot the password.</summary>
public sealed partial class MemberAccounts
{
    /// <summary>The e-mail addresses of a session's member.</summary>
    /// <returns>Null for a guest, if the session has ended, and if the database cannot be read now.</returns>
    public async Task<MemberEmails?> EmailsOfAsync(SessionKey session, CancellationToken gone)
    {
        if (room.Find(session) is not { IsMember: true } member)
            return null;
        try
        {
            return await store.FindEmailsAsync(member.Who.UserId, time.GetUtcNow(), gone);
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    /// <summary>
    /// Checks the password of a session's member. An address for new passwords, or an account at another site, is as good as the password,
    /// so whoever only has the session must not change it.
    /// </summary>
    /// <returns>The member, or null and why: BadSession, NotMember, WrongPassword, RateLimited or Unavailable.</returns>
    public async Task<(Person? Member, Refused? Refused)> ProveAsync(SessionKey session, string password, CancellationToken gone)
    {
        if (room.Find(session) is not { } own)
            return (null, new Refused(Refusal.BadSession));
        if (!own.IsMember)
            return (null, new Refused(Refusal.NotMember));
        PasswordAnswer answer = await passwords.CheckAsync(own.Who.UserId, own.Who.Nick, own.Host, password, gone);
        return answer.Result == PasswordResult.Accepted ? (own.Who, null) : (null, RefusalOf(answer));
    }

    /// <summary>Makes a link that confirms an e-mail address. The caller sends it to the address.</summary>
    /// <param name="member">The member, who has given the password (<see cref="ProveAsync"/>).</param>
    /// <param name="address">The address (<see cref="EmailAddress.IsValid"/>).</param>
    /// <returns>The link; null if the member was erased since, or the database cannot be used now.</returns>
    public Task<NewLink?> CreateEmailLinkAsync(Person member, string address)
    {
        ArgumentNullException.ThrowIfNull(member);
        return emails.CreateAsync(member.UserId, address);
    }

    /// <summary>Removes the e-mail addresses of a member, the pending one too, and voids the reset link.</summary>
    /// <returns><see cref="Accepted"/>, or refused for Unavailable.</returns>
    public Task<Outcome> RemoveEmailsAsync(Person member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return StoredAsync(() => store.RemoveEmailsAsync(member.UserId));
    }

    /// <summary>
    /// Whose the link of an e-mail address is, and the address; null and why if it cannot be used: BadLink or Unavailable.
    /// </summary>
    public async Task<(Person? Owner, string? Address, Refused? Refused)> OwnerOfEmailAsync(string token, CancellationToken gone) =>
        OwnerOf(await emails.FindAsync(token, gone));

    /// <summary>Uses the link of an e-mail address up: from now on, the address is the member's.</summary>
    /// <inheritdoc cref="OwnerOfEmailAsync" path="/summary"/>
    public async Task<(Person? Owner, string? Address, Refused? Refused)> ConfirmEmailAsync(string token) =>
        OwnerOf(await emails.UseAsync(token));

    /// <summary>Makes a link for a member who forgot the password, to be sent to the member's address.</summary>
    /// <param name="nick">As typed.</param>
    /// <param name="admit">
    /// Whether this member may get another e-mail now. Asked before a link is made, which replaces the one before.
    /// </param>
    /// <param name="gone">Ends waiting for the database.</param>
    /// <returns>Null if there is no such member, or none with a password and an address, or not now.</returns>
    /// <exception cref="LogUnavailableException">The database cannot be read now.</exception>
    public async Task<(Person Member, string Address, NewLink Link)?> CreateForgottenLinkAsync(
        string nick, Func<Person, string, bool> admit, CancellationToken gone)
    {
        ArgumentNullException.ThrowIfNull(nick);
        ArgumentNullException.ThrowIfNull(admit);
        if (room.FindPerson(nick.Trim()) is not { IsMember: true, Who: { } member })
            return null;
        if ((await store.FindEmailsAsync(member.UserId, time.GetUtcNow(), gone)).Confirmed is not { } address
            || await store.FindPasswordAsync(member.UserId, gone) is null
            || !admit(member, address))
        {
            return null;
        }

        return await links.CreateAsync(member.UserId) is { } link ? (member, address, link) : null;
    }

    private (Person? Owner, string? Address, Refused? Refused) OwnerOf((PasswordResult Result, EmailLink? Link) found)
    {
        if (found.Link is { } link && room.FindMember(link.UserId) is { } owner)
            return (owner, link.Address, null);
        return (null, null, new Refused(found.Result == PasswordResult.Unavailable ? Refusal.Unavailable : Refusal.BadLink));
    }
}

using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>Members who log in with an account at another site.</summary>
public sealed partial class MemberAccounts
{
    /// <summary>Logs in whose identity it is. The caller has checked it.</summary>
    /// <param name="identity">Who somebody is at the identity provider.</param>
    /// <param name="host">Canonical address (<see cref="HostAddress"/>).</param>
    /// <param name="keeps">Whether the client keeps the token (<see cref="JoinRequest.Keeps"/>).</param>
    /// <param name="gone">Ends waiting for the database.</param>
    /// <returns>
    /// Null if it is nobody's yet; otherwise <see cref="JoinAccepted"/>, or refused for HostBanned, HostFull, RateLimited, Unavailable or
    /// Stopping.
    /// </returns>
    public async Task<JoinResult?> SignInAsync(ExternalIdentity identity, string host, bool keeps, CancellationToken gone)
    {
        if (room.HostRefusal(host) is { } refused)
            return new JoinResult(refused, default, null);
        string? owner;
        try
        {
            owner = await store.FindIdentityAsync(identity, gone);
        }
        catch (LogUnavailableException)
        {
            return new JoinResult(new Refused(Refusal.Unavailable), default, null);
        }

        if (owner is null || room.FindMember(owner) is null)
            return null;
        JoinResult result = await room.SignInAsync(new SignInRequest(owner, host, keeps));

        // The member was removed in the meantime.
        return result.Outcome is Refused { Why: Refusal.NotMember } ? null : result;
    }

    /// <summary>Logs somebody in as a member from the beginning, without a password. Guests need not be allowed.</summary>
    /// <param name="request">The login.</param>
    /// <param name="identity">Who somebody is at the identity provider. If it is a member's already, that member is logged in.</param>
    /// <param name="invitation">The token of an invitation; null for none.</param>
    /// <param name="before">The browser's session until now, as in <see cref="JoinInvitedAsync"/>.</param>
    /// <param name="gone">Ends waiting for the database.</param>
    /// <returns>
    /// <see cref="JoinAccepted"/>; <see cref="Accepted"/>, without a token, if the session stays; or refused for RegistrationClosed,
    /// InvitationNeeded, BadLink, TooManyMembers, AlreadyMember (by another login of the same identity at this moment), or for what
    /// <see cref="ChatRoom.JoinAsync"/> is refused for.
    /// </returns>
    public async Task<JoinResult> JoinAsync(
        JoinRequest request, ExternalIdentity identity, string? invitation, SessionKey before, CancellationToken gone)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await SignInAsync(identity, request.Host, request.Keeps, gone) is { } known)
            return known;
        if (await NewcomerRefusalAsync(invitation, gone) is { } refused)
            return new JoinResult(refused, default, null);
        return await JoinAsMemberAsync(request, before, session => RegisterIdentityAsync(session, identity, invitation));
    }

    /// <summary>Whether a session's member can log in with an account at another site.</summary>
    /// <returns>Null for a guest, if the session has ended, and if the database cannot be read now.</returns>
    public async Task<bool?> HasIdentityAsync(SessionKey session, CancellationToken gone)
    {
        if (room.Find(session) is not { IsMember: true } member)
            return null;
        try
        {
            return (await store.IdentitiesOfAsync(member.Who.UserId, gone)).Count > 0;
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Gives a session's member an identity, with which to log in from then on.</summary>
    /// <param name="session">The session of the member, who has given the password (<see cref="ProveAsync"/>).</param>
    /// <param name="identity">Who the member is at the identity provider. The caller has checked it.</param>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotMember, AlreadyMember (the identity is another's, or the member has too many)
    /// or Unavailable.
    /// </returns>
    public async Task<Outcome> ConnectAsync(SessionKey session, ExternalIdentity identity)
    {
        if (room.Find(session) is not { } own)
            return new Refused(Refusal.BadSession);
        if (!own.IsMember)
            return new Refused(Refusal.NotMember);
        try
        {
            if (!await ClaimAsync(identity, own.Who.UserId))
                return new Refused(Refusal.AlreadyMember);
            if (room.FindMember(own.Who.UserId) is not null)
                return new Accepted(0);

            // The member was erased in the meantime.
            await store.EraseAsync(own.Who.UserId);
            return new Refused(Refusal.BadSession);
        }
        catch (LogUnavailableException)
        {
            return new Refused(Refusal.Unavailable);
        }
    }

    /// <summary>
    /// Takes all identities from a member, who has given the password (<see cref="ProveAsync"/>) and so has one to log in with.
    /// </summary>
    /// <returns><see cref="Accepted"/>, or refused for Unavailable.</returns>
    public Task<Outcome> DisconnectAsync(Person member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return StoredAsync(() => store.RemoveIdentitiesAsync(member.UserId));
    }

    private static async Task<Outcome> StoredAsync(Func<ValueTask> write)
    {
        try
        {
            await write();
            return new Accepted(0);
        }
        catch (LogUnavailableException)
        {
            return new Refused(Refusal.Unavailable);
        }
    }

    /// <summary>Gives an identity to a person. The first who asks gets it.</summary>
    /// <returns>Whether it is the person's now.</returns>
    private async Task<bool> ClaimAsync(ExternalIdentity identity, string userId)
    {
        string? owner = await store.AddIdentityAsync(identity, userId);
        if (owner is not null && owner != userId && !room.IsPerson(owner))
        {
            // Of a login that came no further than this, or of a member who was erased. A user id is never given twice.
            await store.EraseAsync(owner);
            owner = await store.AddIdentityAsync(identity, userId);
        }

        return owner == userId;
    }

    private async Task<Outcome> RegisterIdentityAsync(SessionKey session, ExternalIdentity identity, string? invitation)
    {
        if (room.Find(session) is not { } guest)
            return new Refused(Refusal.BadSession);
        string userId = guest.Who.UserId;
        try
        {
            if (!await ClaimAsync(identity, userId))
                return new Refused(Refusal.AlreadyMember);
            Outcome outcome = await EnrolAsync(session, invitation);
            if (IsCertain(outcome))
                await store.EraseAsync(userId);
            return outcome;
        }
        catch (LogUnavailableException)
        {
            return new Refused(Refusal.Unavailable);
        }
    }
}

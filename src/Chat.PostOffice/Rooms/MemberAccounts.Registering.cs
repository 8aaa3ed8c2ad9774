using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>How somebody becomes a member.</summary>
public sealed partial class MemberAccounts
{
    /// <summary>Makes the guest of a session a member, who can log in with a password from now on.</summary>
    /// <param name="session">The guest's session.</param>
    /// <param name="password">The password, as typed.</param>
    /// <param name="invitation">The token of an invitation, which is then used up; null for none.</param>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, RegistrationClosed, InvitationNeeded, BadLink, AlreadyMember, TooManyMembers,
    /// BadPassword, RateLimited, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome> RegisterAsync(SessionKey session, string password, string? invitation = null)
    {
        if (room.Find(session) is not { } guest)
            return new Refused(Refusal.BadSession);
        if ((room.RegistrationRefusal(guest) ?? await InvitationRefusalAsync(invitation)) is { } refused)
            return refused;

        // The password first: a member without one could not come back.
        PasswordAnswer set = await passwords.SetFirstAsync(guest.Who.UserId, guest.Who.Nick, guest.Host, password);
        if (set.Result != PasswordResult.Accepted)
            return RefusalOf(set);
        Outcome outcome = await EnrolAsync(session, invitation);

        // If it is not known whether the entry is in the log, the password stays: without the entry, it opens nothing.
        if (IsCertain(outcome))
            await passwords.TakeBackAsync(guest.Who.UserId, set);
        return outcome;
    }

    /// <summary>
    /// Logs somebody in who has an invitation, as a member from the beginning. Guests need not be allowed.
    /// </summary>
    /// <param name="request">The login.</param>
    /// <param name="password">The password, as typed.</param>
    /// <param name="invitation">The token of the invitation, which is then used up.</param>
    /// <param name="before">
    /// The browser's session until now; the default value for none. If it is a guest's, it becomes the member's if the guest has the nick,
    /// and ends otherwise.
    /// </param>
    /// <returns>
    /// <see cref="JoinAccepted"/>; <see cref="Accepted"/>, without a token, if the session stays; or refused for what
    /// <see cref="RegisterAsync"/> and <see cref="ChatRoom.JoinAsync"/> are refused for.
    /// </returns>
    public async Task<JoinResult> JoinInvitedAsync(JoinRequest request, string password, string invitation, SessionKey before = default)
    {
        ArgumentNullException.ThrowIfNull(request);

        // Others would see whoever is refused later come and go.
        if (await NewcomerRefusalAsync(invitation) is { } refused)
            return new JoinResult(refused, default, null);
        if (passwords.FaultOf(password, request.Nick ?? "") is not null)
            return new JoinResult(new Refused(Refusal.BadPassword), default, null);
        return await JoinAsMemberAsync(request, before, session => RegisterAsync(session, password, invitation));
    }

    /// <summary>Why somebody new cannot become a member; null if that is possible, as far as is known now.</summary>
    /// <param name="invitation">The token of an invitation; null for none.</param>
    /// <param name="gone">Ends waiting for the database.</param>
    /// <returns>Refused for RegistrationClosed, TooManyMembers, InvitationNeeded, BadLink or Unavailable.</returns>
    public async Task<Refused?> NewcomerRefusalAsync(string? invitation, CancellationToken gone = default) =>
        room.RegistrationRefusal() ?? await InvitationRefusalAsync(invitation, gone);

    /// <summary>Why an invitation does not do; null if it does, or if none is given and none is needed.</summary>
    /// <returns>Refused for InvitationNeeded, BadLink or Unavailable.</returns>
    public async Task<Refused?> InvitationRefusalAsync(string? invitation, CancellationToken gone = default)
    {
        if (invitation is null)
            return room.NeedsInvitation ? new Refused(Refusal.InvitationNeeded) : null;
        PasswordResult found = await invitations.FindAsync(invitation, gone);
        return found == PasswordResult.Accepted ? null : RefusalOf(new PasswordAnswer(found));
    }

    /// <summary>Makes an invitation. Only for administrators.</summary>
    /// <returns>The link, or null and why: RegistrationClosed, TooManyInvitations or Unavailable.</returns>
    public async Task<(NewLink? Link, Refused? Refused)> InviteAsync()
    {
        if (room.RegistrationRefusal() is { Why: Refusal.RegistrationClosed } closed)
            return (null, closed);
        (NewLink? link, PasswordResult? fault) = await invitations.CreateAsync();
        return (link, link is not null ? null : new Refused(fault is null ? Refusal.TooManyInvitations : Refusal.Unavailable));
    }

    /// <summary>Whether a refusal says for certain that nothing was written to the log.</summary>
    private static bool IsCertain(Outcome outcome) => outcome is Refused { Why: not (Refusal.Unavailable or Refusal.Stopping) };

    /// <summary>
    /// Makes the guest who has the nick in this browser a member, or begins a session of a guest and makes that one a member. If that is
    /// refused, the new session ends, and otherwise the browser's old one.
    /// </summary>
    private async Task<JoinResult> JoinAsMemberAsync(JoinRequest request, SessionKey before, Func<SessionKey, Task<Outcome>> register)
    {
        SessionView? guest = room.Find(before) is { IsMember: false } found ? found : null;
        if (guest is { IsKept: true } && Nick.Same(guest.Who.Nick, (request.Nick ?? "").Trim(' ')))
            return new JoinResult(await register(before), before, null);
        JoinResult joined = await room.JoinAsync(request with { Registers = true });
        if (joined.Token is null)
            return joined;
        if (await register(joined.Session) is Refused refused)
        {
            await room.LeaveAsync(joined.Session);
            return new JoinResult(refused, default, null);
        }

        if (guest is not null)
            await room.LeaveAsync(before);
        return joined;
    }

    /// <summary>
    /// Uses an invitation up, if there is one, and makes the guest a member. If the fold refuses, the invitation is valid again.
    /// </summary>
    private async Task<Outcome> EnrolAsync(SessionKey session, string? invitation)
    {
        if (invitation is null)
            return await room.RegisterAsync(session);
        (InvitationLink? used, PasswordResult result) = await invitations.UseAsync(invitation);
        if (used is null)
            return RefusalOf(new PasswordAnswer(result));
        Outcome outcome = await room.RegisterAsync(session);
        if (IsCertain(outcome))
            await invitations.GiveBackAsync(used);
        return outcome;
    }
}

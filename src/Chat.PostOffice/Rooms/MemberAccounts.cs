using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>
/// What members do with their nick, their password and their devices. It brings together the fold, which knows who is a member, and the
/// credentials, which stand beside the log.
/// </summary>
/// <remarks>Thread-safe, without a lock. Calls that check or set a password may take seconds while many are tried.</remarks>
public sealed partial class MemberAccounts(
    ChatRoom room,
    MemberPasswords passwords,
    ResetLinks links,
    EmailLinks emails,
    InvitationLinks invitations,
    ICredentialStore store,
    TimeProvider time)
{
    /// <summary>How many digits of a session's key name a device. They open nothing, and a member has few sessions.</summary>
    private const int DeviceIdLength = 16;

    /// <summary>Logs a member in on another device.</summary>
    /// <param name="nick">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="host">Canonical address (<see cref="HostAddress"/>).</param>
    /// <param name="keeps">Whether the client keeps the token (<see cref="JoinRequest.Keeps"/>).</param>
    /// <param name="gone">Ends waiting for the database.</param>
    /// <returns>
    /// <see cref="JoinAccepted"/>, or refused for HostBanned, HostFull, WrongPassword (also if there is no such member), RateLimited,
    /// Unavailable or Stopping.
    /// </returns>
    public async Task<JoinResult> SignInAsync(string nick, string password, string host, bool keeps, CancellationToken gone)
    {
        ArgumentNullException.ThrowIfNull(nick);

        // A banned address must not even guess.
        if (room.HostRefusal(host) is { } refused)
            return new JoinResult(refused, default, null);
        string? userId = room.FindPerson(nick.Trim()) is { IsMember: true } member ? member.Who.UserId : null;
        PasswordAnswer answer = await passwords.CheckAsync(userId, nick, host, password, gone);
        if (answer.Result != PasswordResult.Accepted || userId is null)
            return new JoinResult(RefusalOf(answer), default, null);
        JoinResult result = await room.SignInAsync(new SignInRequest(userId, host, keeps));

        // The member was removed in the meantime.
        return result.Outcome is Refused { Why: Refusal.NotMember }
            ? result with { Outcome = new Refused(Refusal.WrongPassword) }
            : result;
    }

    /// <summary>Changes the password of a session's member, and logs all other devices out.</summary>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotMember, WrongPassword, BadPassword, RateLimited, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome> ChangePasswordAsync(SessionKey session, string password, string next)
    {
        if (room.Find(session) is not { } member)
            return new Refused(Refusal.BadSession);
        if (!member.IsMember)
            return new Refused(Refusal.NotMember);
        PasswordAnswer answer = await passwords.ChangeAsync(member.Who.UserId, member.Who.Nick, member.Host, password, next);
        if (answer.Result != PasswordResult.Accepted)
            return RefusalOf(answer);
        await EndOthersAsync(session);
        return new Accepted(0);
    }

    /// <summary>Whether a session's member has a password; others log in with an account at another site.</summary>
    /// <returns>Null for a guest, if the session has ended, and if the database cannot be read now.</returns>
    public async Task<bool?> HasPasswordAsync(SessionKey session, CancellationToken gone)
    {
        if (room.Find(session) is not { IsMember: true } member)
            return null;
        try
        {
            return await store.FindPasswordAsync(member.Who.UserId, gone) is not null;
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The sessions of a person, oldest first; empty if the session has ended.</summary>
    public IReadOnlyList<SessionView> DevicesOf(SessionKey session) => room.SessionsOf(session);

    /// <summary>How clients name a device.</summary>
    public static string DeviceId(SessionView device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.Key.ToString()[..DeviceIdLength];
    }

    /// <summary>Logs one of a person's devices out.</summary>
    /// <param name="session">The session that asks.</param>
    /// <param name="id">The device (<see cref="DeviceId"/>).</param>
    /// <returns><see cref="Accepted"/>, or refused for BadSession, NoSuchDevice, Unavailable or Stopping.</returns>
    public async Task<Outcome> EndDeviceAsync(SessionKey session, string id)
    {
        IReadOnlyList<SessionView> devices = room.SessionsOf(session);
        if (devices.Count == 0)
            return new Refused(Refusal.BadSession);
        if (devices.FirstOrDefault(one => DeviceId(one) == id) is not { } device)
            return new Refused(Refusal.NoSuchDevice);
        Outcome outcome = await room.LeaveAsync(device.Key);

        // It has ended by itself in the meantime.
        return outcome is Refused { Why: Refusal.BadSession } ? new Accepted(0) : outcome;
    }

    /// <summary>Logs all of a person's devices out, except the one that asks.</summary>
    /// <returns><see cref="Accepted"/>, or refused for BadSession, Unavailable or Stopping.</returns>
    public async Task<Outcome> EndOthersAsync(SessionKey session)
    {
        IReadOnlyList<SessionView> devices = room.SessionsOf(session);
        if (devices.Count == 0)
            return new Refused(Refusal.BadSession);
        foreach (SessionView device in devices)
        {
            if (device.Key != session && await room.LeaveAsync(device.Key) is Refused { Why: not Refusal.BadSession } refused)
                return refused;
        }

        return new Accepted(0);
    }

    /// <summary>Erases the person of a session, and all that the person wrote. A member who has a password has to give it.</summary>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, WrongPassword, RateLimited, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome> EraseAsync(SessionKey session, string password)
    {
        if (room.Find(session) is not { } own)
            return new Refused(Refusal.BadSession);
        if (own.IsMember
            && await passwords.ConfirmAsync(own.Who.UserId, own.Who.Nick, own.Host, password)
                is { Result: not PasswordResult.Accepted } answer)
        {
            return RefusalOf(answer);
        }

        Outcome outcome = await room.Erasures.EraseAsync(session, own.Who.UserId);
        return outcome is Refused { Why: Refusal.NoSuchUser } ? new Refused(Refusal.BadSession) : outcome;
    }

    /// <summary>
    /// Makes a link with which a member can set a new password, and removes the member's e-mail addresses. Only for administrators. They
    /// are asked when a member cannot use the address, or when somebody else has got in, who may have entered it. And without an address,
    /// nobody can have an e-mail sent whose link replaces this one.
    /// </summary>
    /// <returns>The link, or null and why: NoSuchUser, NotMember or Unavailable.</returns>
    public async Task<(NewLink? Link, Refused? Refused)> CreateResetLinkAsync(string nick)
    {
        ArgumentNullException.ThrowIfNull(nick);
        if (room.FindPerson(nick.Trim()) is not { } person)
            return (null, new Refused(Refusal.NoSuchUser));
        if (!person.IsMember)
            return (null, new Refused(Refusal.NotMember));
        if (await RemoveEmailsAsync(person.Who) is Refused refused)
            return (null, refused);
        return await links.CreateAsync(person.Who.UserId) is { } link ? (link, null) : (null, new Refused(Refusal.Unavailable));
    }

    /// <summary>Whose a reset link is; null and why if it cannot be used: BadLink or Unavailable.</summary>
    public async Task<(Person? Owner, Refused? Refused)> OwnerOfAsync(string token, CancellationToken gone)
    {
        (PasswordResult result, string? userId) = await links.FindAsync(token, gone);
        if (userId is not null && room.FindMember(userId) is { } owner)
            return (owner, null);
        return (null, new Refused(result == PasswordResult.Unavailable ? Refusal.Unavailable : Refusal.BadLink));
    }

    /// <summary>Sets a new password with a link, and logs all of the member's devices out.</summary>
    /// <returns><see cref="Accepted"/>, or refused for BadLink, BadPassword, RateLimited or Unavailable.</returns>
    public async Task<Outcome> ResetAsync(string token, string host, string password, CancellationToken gone)
    {
        (Person? member, Refused? refused) = await OwnerOfAsync(token, gone);
        if (member is null)
            return refused!;
        (PasswordAnswer answer, _) = await links.UseAsync(token, member.Nick, host, password);
        if (answer.Result != PasswordResult.Accepted)
            return RefusalOf(answer);
        if (room.FindNick(member.Nick) is { } device)
        {
            await EndOthersAsync(device.Key);
            await room.LeaveAsync(device.Key);
        }

        return new Accepted(0);
    }

    private static Refused RefusalOf(PasswordAnswer answer) => answer.Result switch
    {
        PasswordResult.TooShort or PasswordResult.TooLong or PasswordResult.IsNick => new Refused(Refusal.BadPassword),
        PasswordResult.TooManyTries => new Refused(Refusal.RateLimited, answer.Wait),
        PasswordResult.BadLink => new Refused(Refusal.BadLink),
        PasswordResult.Unavailable => new Refused(Refusal.Unavailable),
        _ => new Refused(Refusal.WrongPassword),
    };
}

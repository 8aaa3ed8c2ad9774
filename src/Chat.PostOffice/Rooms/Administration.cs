using ErlChat.Appending;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>
/// How a user becomes an administrator, and what administrators can do, by slash command or on their own page. Both ways append the same
/// entries, and the fold checks the rights again.
/// </summary>
/// <remarks>Thread-safe, without a lock.</remarks>
public sealed class Administration
{
    /// <summary>The kinds of entries, as logs name them.</summary>
    private const string PersonBannedKind = "person_banned", PersonMutedKind = "person_muted";

    private readonly ChatRoom _room;
    private readonly CommandQueue _commands;
    private readonly IAdminPasswords _passwords;
    private readonly Admission _admission;
    private readonly TextRule _texts;
    private readonly TimeProvider _time;

    internal Administration(
        ChatRoom room,
        CommandQueue commands,
        IAdminPasswords passwords,
        Admission admission,
        TextRule texts,
        TimeProvider time) =>
        (_room, _commands, _passwords, _admission, _texts, _time) = (room, commands, passwords, admission, texts, time);

    /// <summary>
    /// Makes the session an administrator's if the password is right, and sends it a notice. The password goes no further than
    /// <see cref="IAdminPasswords"/>. May take seconds while many others try.
    /// </summary>
    /// <param name="session">The user's session.</param>
    /// <param name="password">As typed.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="Accepted"/>, <see cref="Repeated"/>, or refused for BadSession, WrongPassword, RateLimited (with the time until the next
    /// try), AdministrationOff, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome> AuthenticateAsync(SessionKey session, string password, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (_room.Find(session) is not { } sender)
            return new Refused(Refusal.BadSession);
        AdminCheck check = await _passwords.CheckAsync(session, sender.Host, password);
        switch (check.Login)
        {
            case AdminLogin.Right:
                Outcome told = await _room.TellAsync(
                    session, "You are now authenticated as an administrator. Type /admin help for commands.", key: key);
                return told is Accepted ? await SetAdminAsync(session, isAdmin: true) : told;
            case AdminLogin.Wrong:
                return new Refused(Refusal.WrongPassword);
            case AdminLogin.TooManyTries:
                return new Refused(Refusal.RateLimited, check.Wait);
            case AdminLogin.Off:
                return new Refused(Refusal.AdministrationOff);
            case AdminLogin.Unavailable:
            default:
                return new Refused(Refusal.Unavailable);
        }
    }

    /// <summary>Ends a ban, as <c>/admin unban</c> does.</summary>
    /// <param name="admin">The administrator's session.</param>
    /// <param name="host">The banned address, in any spelling, or the nick of the banned person.</param>
    /// <returns><see cref="Accepted"/>, or refused for BadSession, NotAdmin, NotBanned, Secret, Unavailable or Stopping.</returns>
    public Task<Outcome> LiftBanAsync(SessionKey admin, string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return UnbanAsync(admin, HostAddress.Canonical(host), key: null);
    }

    /// <summary>Lifts a mute, as <c>/admin mute NICK 0</c> does. The user need not be online.</summary>
    /// <param name="admin">The administrator's session.</param>
    /// <param name="nick">The muted user's nick, ignoring case.</param>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotAdmin, NoSuchUser, NotYourself, Secret, Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> LiftMuteAsync(SessionKey admin, string nick)
    {
        ArgumentNullException.ThrowIfNull(nick);
        return MuteAsync(admin, nick, TimeSpan.Zero, address: false, key: null);
    }

    /// <summary>
    /// Sends an announcement from the server to every user who is online. It is not stored in any history, so users who log in later do not
    /// see it.
    /// </summary>
    /// <param name="admin">The administrator's session.</param>
    /// <param name="text">The text; the rules for messages apply.</param>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotAdmin, TooLong, BadText (also if nothing in it is visible), RateLimited,
    /// Secret, Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> SubmitAnnouncementAsync(SessionKey admin, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string said = TextRule.WellFormed(text).Trim();
        if (_room.Find(admin) is not { } sender)
            return Refuse(new Refused(Refusal.BadSession));
        if (!sender.IsAdmin)
            return Refuse(new Refused(Refusal.NotAdmin));
        if (_texts.Check(said) is { } fault)
            return Refuse(new Refused(fault));
        if (TextRule.IsBlank(said))
            return Refuse(new Refused(Refusal.BadText));
        return _admission.Message(admin, sender.Host, said) is { } limited ? Refuse(limited) : AnnounceAsync(admin, said, key: null);

        static Task<Outcome> Refuse(Refused refused) => Task.FromResult<Outcome>(refused);
    }

    /// <summary>The same for a text that has been checked.</summary>
    internal Task<Outcome> AnnounceAsync(SessionKey admin, string text, string? key) =>
        _commands.ExecuteAsync(new Announced(admin, text) { Key = key });

    internal Task<Outcome> SetAdminAsync(SessionKey session, bool isAdmin, string? key = null) =>
        _commands.ExecuteAsync(isAdmin ? new AdminGranted(session) { Key = key } : new AdminRevoked(session) { Key = key });

    /// <summary>Makes a member an administrator for good, as <c>/admin grant</c> does.</summary>
    /// <param name="admin">The administrator's session.</param>
    /// <param name="nick">The member's nick, in any spelling.</param>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotAdmin, NoSuchUser, NotMember, Secret, Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> AppointAsync(SessionKey admin, string nick) => AppointAsync(admin, nick, withdraws: false);

    /// <summary>Takes the rights of an administrator back, as <c>/admin revoke</c> does.</summary>
    /// <param name="admin">The administrator's session.</param>
    /// <param name="nick">The other administrator's nick, in any spelling.</param>
    /// <returns>
    /// <see cref="Accepted"/>, also if there are no such rights, or refused for BadSession, NotAdmin, NoSuchUser, NotYourself, Secret,
    /// Unavailable or Stopping.
    /// </returns>
    public Task<Outcome> DismissAsync(SessionKey admin, string nick) => AppointAsync(admin, nick, withdraws: true);

    private Task<Outcome> AppointAsync(SessionKey admin, string nick, bool withdraws)
    {
        ArgumentNullException.ThrowIfNull(nick);

        // What nobody can be called does not go into the log.
        return Nick.IsWellFormed(Nick.Composed(nick))
            ? AppointAsync(admin, nick, withdraws, key: null)
            : Task.FromResult<Outcome>(new Refused(Refusal.NoSuchUser));
    }

    /// <summary>Makes a member an administrator for good, or takes an administrator's rights back.</summary>
    internal Task<Outcome> AppointAsync(SessionKey admin, string nick, bool withdraws, string? key) =>
        _commands.ExecuteAsync(new AdminAppointed(admin, _room.SpellingOf(nick)) { Withdrawn = withdraws ? true : null, Key = key });

    /// <summary>The same by the operator of the server, for a member by user id.</summary>
    internal Task<Outcome> AppointAsync(string userId) => _commands.ExecuteAsync(new OperatorAppointed(userId));

    internal Task<Outcome> KickAsync(SessionKey admin, string nick, string reason, string? key) =>
        _commands.ExecuteAsync(new Kicked(admin, _room.SpellingOf(nick), reason) { Key = key });

    /// <summary>Removes a user and bans the person, and the user's address if asked to.</summary>
    internal Task<Outcome> BanAsync(SessionKey admin, string nick, string reason, TimeSpan length, bool address, string? key)
    {
        DateTimeOffset until = _time.GetUtcNow() + length;
        nick = _room.SpellingOf(nick);

        // While an older node shares the log, a ban of the address is all that every node understands.
        return address && !_commands.MayWrite(PersonBannedKind)
            ? _commands.ExecuteAsync(new Banned(admin, nick, reason, until) { Key = key })
            : _commands.ExecuteAsync(new PersonBanned(admin, nick, reason, until, address) { Key = key });
    }

    internal Task<Outcome> UnbanAsync(SessionKey admin, string host, string? key) =>
        _commands.ExecuteAsync(new Unbanned(admin, Nick.Composed(host)) { Key = key });

    /// <summary>Mutes a person, and those who log in from the user's address later if asked to; a length of 0 lifts the mutes.</summary>
    internal Task<Outcome> MuteAsync(SessionKey admin, string nick, TimeSpan length, bool address, string? key)
    {
        DateTimeOffset until = length > TimeSpan.Zero ? _time.GetUtcNow() + length : DateTimeOffset.UnixEpoch;
        nick = _room.SpellingOf(nick);

        // While an older node shares the log, every mute is also of the address, as it was there.
        return _commands.MayWrite(PersonMutedKind)
            ? _commands.ExecuteAsync(new PersonMuted(admin, nick, until, address) { Key = key })
            : _commands.ExecuteAsync(new Muted(admin, nick, until) { Outlives = true, Key = key });
    }
}

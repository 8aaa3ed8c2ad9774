using ErlChat.Appending;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Rooms;

/// <summary>
/// How a user becomes an administrator, and what administrators do, by slash command or from their own page. Both ways append the same
/// entries, and the fold checks the right again.
/// </summary>
/// <remarks>Thread-safe; no lock of its own.</remarks>
public sealed class Administration
{
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
    /// Makes the session an administrator's when the password is right, and tells it so. The password itself gets no further than
    /// <see cref="IAdminPasswords"/>. May take seconds while many others try.
    /// </summary>
    /// <param name="session">Who.</param>
    /// <param name="password">As typed.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="Accepted"/>, <see cref="Repeated"/>, or refused for BadSession, WrongPassword, RateLimited (with the time until the
    /// next try), AdministrationOff, Unavailable or Stopping.
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
    /// <param name="host">The banned address, in any spelling.</param>
    /// <returns><see cref="Accepted"/>, or refused for BadSession, NotAdmin, NotBanned, Secret, Unavailable or Stopping.</returns>
    public Task<Outcome> LiftBanAsync(SessionKey admin, string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return UnbanAsync(admin, HostAddress.Canonical(host), key: null);
    }

    /// <summary>Gives somebody the voice back, as <c>/admin mute NICK 0</c> does; the user need not be here.</summary>
    /// <param name="admin">The administrator's session.</param>
    /// <param name="nick">Whose, ignoring case.</param>
    /// <returns><see cref="Accepted"/>, or refused for BadSession, NotAdmin, NoSuchUser, NotYourself, Secret, Unavailable or
    /// Stopping.</returns>
    public Task<Outcome> LiftMuteAsync(SessionKey admin, string nick)
    {
        ArgumentNullException.ThrowIfNull(nick);
        return MuteAsync(admin, nick, TimeSpan.Zero, key: null);
    }

    /// <summary>
    /// Says something to everybody who is here, as a word of the server. It is in nobody's history: whoever comes later does not hear of
    /// it.
    /// </summary>
    /// <param name="admin">The administrator's session.</param>
    /// <param name="text">The rules for messages hold.</param>
    /// <returns>
    /// <see cref="Accepted"/>, or refused for BadSession, NotAdmin, TooLong, BadText (also when nothing of it can be seen), RateLimited,
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

    /// <summary>The same for a text that has been looked at.</summary>
    internal Task<Outcome> AnnounceAsync(SessionKey admin, string text, string? key) =>
        _commands.ExecuteAsync(new Announced(admin, text) { Key = key });

    internal Task<Outcome> SetAdminAsync(SessionKey session, bool isAdmin, string? key = null) =>
        _commands.ExecuteAsync(isAdmin ? new AdminGranted(session) { Key = key } : new AdminRevoked(session) { Key = key });

    internal Task<Outcome> KickAsync(SessionKey admin, string nick, string reason, string? key) =>
        _commands.ExecuteAsync(new Kicked(admin, nick, reason) { Key = key });

    internal Task<Outcome> BanAsync(SessionKey admin, string nick, string reason, TimeSpan length, string? key) =>
        _commands.ExecuteAsync(new Banned(admin, nick, reason, _time.GetUtcNow() + length) { Key = key });

    internal Task<Outcome> UnbanAsync(SessionKey admin, string host, string? key) =>
        _commands.ExecuteAsync(new Unbanned(admin, host) { Key = key });

    internal Task<Outcome> MuteAsync(SessionKey admin, string nick, TimeSpan length, string? key)
    {
        DateTimeOffset until = length > TimeSpan.Zero ? _time.GetUtcNow() + length : DateTimeOffset.UnixEpoch;
        return _commands.ExecuteAsync(new Muted(admin, nick, until) { Outlives = true, Key = key });
    }
}

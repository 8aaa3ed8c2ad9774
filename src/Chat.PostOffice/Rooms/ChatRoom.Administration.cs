using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>
/// What administrators look at and do from a page of their own. The commands are the same entries as those of the slash commands, and the
/// fold checks the right again.
/// </summary>
public sealed partial class ChatRoom
{
    /// <summary>
    /// The live sessions whose nick is behind <paramref name="after"/>, by nick, and whether there are more. Under the fold's lock only
    /// references are copied; what is sorted and found is sorted and found outside.
    /// </summary>
    /// <param name="after">A nick, ignoring case; empty for the beginning.</param>
    /// <param name="find">A part of a nick or of an address, ignoring case; empty for all.</param>
    /// <param name="limit">The most sessions to give, 1 or more.</param>
    public (IReadOnlyList<SessionView> Sessions, bool More) SessionsAfter(string after, string find, int limit)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(find);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        (string Nick, string Host, SessionKey Key)[] all;
        lock (_gate)
        {
            all = new (string, string, SessionKey)[_state.Sessions.Count];
            int count = 0;
            foreach (Session session in _state.Sessions.Values)
                all[count++] = (session.Who.Nick, session.Host, session.Key);
        }

        (string Nick, string Host, SessionKey Key)[] wanted =
        [
            .. all.Where(one => string.Compare(one.Nick, after, StringComparison.OrdinalIgnoreCase) > 0
                && (one.Nick.Contains(find, StringComparison.OrdinalIgnoreCase)
                    || one.Host.Contains(find, StringComparison.OrdinalIgnoreCase))),
        ];
        Array.Sort(wanted, static (one, other) => string.Compare(one.Nick, other.Nick, StringComparison.OrdinalIgnoreCase));

        // Who has left in the meantime is not shown.
        return ([.. wanted.Take(limit).Select(one => Find(one.Key)).OfType<SessionView>()], wanted.Length > limit);
    }

    /// <summary>The mutes in force that outlive a session, by nick, and how long each still is.</summary>
    public IReadOnlyList<(Mute Mute, TimeSpan Left)> ActiveMutes()
    {
        DateTimeOffset now = _time.GetUtcNow();
        Mute[] mutes;
        lock (_gate)
            mutes = [.. _state.Mutes];
        return [.. mutes.Where(mute => mute.Until > now).Select(mute => (mute, mute.Until - now))];
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
        string said = WellFormed(text).Trim();
        if (Find(admin) is not { } sender)
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
        ExecuteAsync(new Announced(admin, text) { Key = key });
}

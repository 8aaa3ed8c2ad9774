using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>The administrators' password: the way in, and the guard that keeps it out of the log.</summary>
public sealed partial class ChatRoom
{
    /// <summary>
    /// Makes the session an administrator's when the password is right, and tells it so. The password itself gets no further than
    /// <see cref="IAdminPasswords"/>. May take seconds while many others try.
    /// </summary>
    /// <param name="session">Who.</param>
    /// <param name="password">As typed.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns>
    /// <see cref="Accepted"/>, <see cref="Repeated"/>, or refused for BadSession, WrongPassword, RateLimited (with the time until the next try),
    /// AdministrationOff, Unavailable or Stopping.
    /// </returns>
    public async Task<Outcome> AuthenticateAsync(SessionKey session, string password, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (Find(session) is not { } sender)
            return new Refused(Refusal.BadSession);
        AdminCheck check = await _commands.Passwords.CheckAsync(session, sender.Host, password);
        switch (check.Login)
        {
            case AdminLogin.Right:
                Outcome told = await TellAsync(session, "You are now authenticated as an administrator. Type /admin help for commands.", key: key);
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

    /// <summary>
    /// Whether an entry would hold what <see cref="AuthText"/> recognises. The last look before the log, whichever door or command the text came through;
    /// not in the fold, so that entries of older versions are read as they were meant.
    /// </summary>
    private static bool HoldsSecret(Entry entry) => entry switch
    {
        Said said => AuthText.LooksLikeAuth(said.Text),
        Whispered whispered => AuthText.LooksLikeAuth(whispered.Text) || AuthText.LooksLikeAuth(whispered.To),
        TopicSet topic => AuthText.LooksLikeAuth(topic.Topic),
        Kicked kicked => AuthText.LooksLikeAuth(kicked.Reason) || AuthText.LooksLikeAuth(kicked.Nick),
        Banned banned => AuthText.LooksLikeAuth(banned.Reason) || AuthText.LooksLikeAuth(banned.Nick),
        Unbanned unbanned => AuthText.LooksLikeAuth(unbanned.Host),
        Announced announced => AuthText.LooksLikeAuth(announced.Text),
        Muted muted => AuthText.LooksLikeAuth(muted.Nick),
        EnteredRoom entered => AuthText.LooksLikeAuth(entered.Room),
        Joined joined => AuthText.LooksLikeAuth(joined.Name),
        _ => false,
    };
}

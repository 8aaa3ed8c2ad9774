using System.Text;
using ErlChat.Appending;
using ErlChat.Limits;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.State;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>
/// Begins sessions: checks a login before it reaches the log, creates its token and ids, and enforces the limits of addresses.
/// </summary>
/// <remarks>Thread-safe. It takes the state's lock only to read.</remarks>
/// <param name="node">This node's name; null if the chat runs on one unnamed node.</param>
internal sealed class Logins(
    GuardedState state, CommandQueue commands, Admission admission, ChatOptions options, TimeProvider time, string? node)
{
    /// <summary>A kind of entry, as logs name it. Nodes that know it know nicks of any script.</summary>
    private const string AnyScriptKind = "person_muted";

    /// <inheritdoc cref="ChatRoom.JoinAsync"/>
    internal async Task<JoinResult> JoinAsync(JoinRequest request)
    {
        bool adjust = request.Name is not null;
        NickReading read = adjust
            ? new NickReading(Nick.Reduce(request.Name!, options.MaxNickLength))
            : Nick.Read(request.Nick, options, request.AnyScript);
        string? nick = read.Nick;
        string name = request.Name ?? nick ?? "";
        string nickLook = Skeleton.Of(nick ?? "");
        string? nameLook = adjust ? Skeleton.Of(name) : null;
        string? wanted =
            UserId.IsOurs(request.WantedUserId) || AuthText.LooksLikeAuth(request.WantedUserId ?? "") ? null : request.WantedUserId;
        if (RefusalOf(request, read, name, nickLook, nameLook, wanted) is { } refused)
        {
            // Clients of 2009 know one answer for all nicks that somebody else stands in the way of.
            bool isPlain = refused.Why == Refusal.LooksAlike && !request.AnyScript;
            return new JoinResult(isPlain ? new Refused(Refusal.NickTaken) : refused, default, null);
        }

        return await BeginAsync(request.Host, session => new Joined(
            session,
            nick!,
            name,
            UserId.Create(),
            wanted,
            adjust,
            request.Host,
            request.Home,
            options.MaxSessionsPerHost,
            options.MaxNickLength)
        {
            NickLook = nickLook,
            NameLook = nameLook,
            ServedBy = node,
            Keeps = request.Keeps ? true : null,
        });
    }

    /// <inheritdoc cref="ChatRoom.SignInAsync"/>
    internal async Task<JoinResult> SignInAsync(SignInRequest request)
    {
        if (HostRefusal(request.Host, coming: 0) is { } refused)
            return new JoinResult(refused, default, null);
        return await BeginAsync(
            request.Host,
            session => new SignedIn(session, request.UserId, request.Host, options.MaxSessionsPerHost, options.MaxSessionsPerMember)
            {
                ServedBy = node,
                Keeps = request.Keeps ? true : null,
            });
    }

    /// <summary>Begins a session with a new token, unless too many have logged in from the address.</summary>
    private async Task<JoinResult> BeginAsync(string host, Func<SessionKey, SessionEntry> entryOf)
    {
        if (admission.Login(host) is { } limited)
            return new JoinResult(limited, default, null);
        string token = SessionToken.Create();
        SessionKey session = SessionKey.Of(token);
        Outcome outcome = await commands.ExecuteAsync(entryOf(session));
        return outcome is JoinAccepted ? new JoinResult(outcome, session, token) : new JoinResult(outcome, default, null);
    }

    /// <inheritdoc cref="ChatRoom.HostRefusal"/>
    internal Refused? HostRefusal(string host, int coming)
    {
        lock (state.Gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (state.Now.FindBan(host, now) is { } ban)
                return new Refused(Refusal.HostBanned, ban.Until - now);
            return state.Now.SessionsOf(host) + coming >= options.MaxSessionsPerHost ? new Refused(Refusal.HostFull) : null;
        }
    }

    /// <summary>
    /// Why a login can be refused before it reaches the log. The fold checks again, because only the log's order decides between
    /// simultaneous logins. This check keeps refused logins out of the log, and keeps the order of the four refusals as in the original.
    /// </summary>
    /// <param name="request">The login.</param>
    /// <param name="read">The nick, if it is valid.</param>
    /// <param name="name">The display name.</param>
    /// <param name="nickLook">The skeleton of the nick.</param>
    /// <param name="nameLook">The skeleton of the display name; null if that is the nick, which then cannot be adjusted.</param>
    /// <param name="userId">The user id that the client asks for; null for none.</param>
    private Refused? RefusalOf(
        JoinRequest request, NickReading read, string name, string nickLook, string? nameLook, string? userId)
    {
        if (HostRefusal(request.Host, coming: 0) is { } refused)
            return refused;
        if (options.Guests == GuestPolicy.None && !request.Registers)
            return new Refused(Refusal.NoGuests);
        if (read.Nick is not { } nick)
            return new Refused(RefusalOf(read.Fault));
        if (nameLook is not null && (!NameRule.IsName(name, options.MaxMarksPerLetter) || AuthText.LooksLikeAuth(name)))
            return new Refused(Refusal.NickInvalid);
        if (Nick.LooksReserved(nick) || (nameLook is not null && Nick.LooksReserved(name)))
            return new Refused(Nick.IsReserved(nick) ? Refusal.NickTaken : Refusal.LooksAlike);

        // An older node would give the nick to somebody else who spells it in another way.
        if (!Ascii.IsValid(nick) && !commands.MayWrite(AnyScriptKind))
            return new Refused(Refusal.Unavailable);
        lock (state.Gate)
        {
            DateTimeOffset at = time.GetUtcNow();
            if (state.Now.FindPersonBan(nick, userId, at) is { } ban)
                return new Refused(Refusal.HostBanned, ban.Until - at);

            // The nick may be that of a session that this login ends.
            ChatState now = state.Now;
            if (now.HasExpired(at))
                return null;
            if (nameLook is null && now.FindOwner(nick) is not null)
                return new Refused(Refusal.NickTaken);
            bool isAlike = nameLook is null ? now.Looks.IsTaken(nickLook, nick) : now.Looks.IsTaken(nameLook, name);
            return isAlike ? new Refused(Refusal.LooksAlike) : null;
        }
    }

    private static Refusal RefusalOf(NickFault fault) => fault switch
    {
        NickFault.TooLong => Refusal.NickTooLong,
        NickFault.Mixed => Refusal.NickMixed,
        _ => Refusal.NickInvalid,
    };
}

using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.Forgetting;

/// <summary>
/// Removes a person from stored entries: what the person wrote, the nick, also where others name it, and the addresses. What others wrote
/// stays. In place of the nick there is the user id.
/// </summary>
/// <remarks>
/// Not thread-safe. Give it the entries in order, from the one with which the person came to the one that erases: it learns from them which
/// sessions were the person's.
/// </remarks>
public sealed class PersonRedaction(Erased erased)
{
    private readonly HashSet<SessionKey> _sessions = [erased.Person];

    /// <summary>What the entry is replaced by; null if it stays.</summary>
    public Entry? Of(Entry entry)
    {
        if (entry is SignedIn signedIn && signedIn.UserId == erased.UserId)
            _sessions.Add(signedIn.Session);
        Entry redacted = entry is SessionEntry own && _sessions.Contains(own.Session) ? OfOwn(own) : OfOther(entry);
        return redacted == entry ? null : redacted;
    }

    private SessionEntry OfOwn(SessionEntry entry) => entry switch
    {
        Joined joined => joined with { Nick = erased.UserId, Name = erased.UserId, NickLook = null, NameLook = null, Host = "" },
        SignedIn signedIn => signedIn with { Host = "" },
        Said said => said with { Text = "" },
        Whispered whispered => whispered with { To = NickOf(whispered.To), Text = "" },
        Told told => Redaction.WithoutText(told) ?? told,
        TopicSet topic => topic with { Topic = "" },
        Kicked kicked => kicked with { Reason = "" },
        Banned banned => banned with { Reason = "" },
        PersonBanned banned => banned with { Reason = "" },
        RoomKicked kicked => kicked with { Reason = "" },
        Announced announced => announced with { Text = "" },
        Erased self when self.Person == erased.Person => self with { Nick = null },
        _ => entry,
    };

    /// <summary>Reasons are given about the person, so they go with the nick.</summary>
    private Entry OfOther(Entry entry) => entry switch
    {
        Whispered whispered => whispered with { To = NickOf(whispered.To) },
        Kicked kicked when IsNick(kicked.Nick) => kicked with { Nick = erased.UserId, Reason = "" },
        Banned banned when IsNick(banned.Nick) => banned with { Nick = erased.UserId, Reason = "" },
        PersonBanned banned when IsNick(banned.Nick) => banned with { Nick = erased.UserId, Reason = "" },
        RoomKicked kicked when IsNick(kicked.Nick) => kicked with { Nick = erased.UserId, Reason = "" },
        Muted muted => muted with { Nick = NickOf(muted.Nick) },
        PersonMuted muted => muted with { Nick = NickOf(muted.Nick) },
        Unbanned unbanned => unbanned with { Host = NickOf(unbanned.Host) },
        RoomInvited invited => invited with { Nick = NickOf(invited.Nick) },
        RoomRoleChanged role => role with { Nick = NickOf(role.Nick) },
        PersonIgnored ignored => ignored with { Nick = NickOf(ignored.Nick) },
        AdminAppointed appointed => appointed with { Nick = NickOf(appointed.Nick) },
        Told told when erased.Nick is { } nick && told.Text.Contains(nick, StringComparison.OrdinalIgnoreCase) =>
            Redaction.WithoutText(told) ?? told,
        Erased request when request.Person == erased.Person => request with { Nick = null },
        _ => entry,
    };

    private bool IsNick(string nick) => erased.Nick is not null && Nick.Same(nick, erased.Nick);

    private string NickOf(string nick) => IsNick(nick) ? erased.UserId : nick;
}

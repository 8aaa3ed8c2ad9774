using System.Net;
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
    private readonly string? _key = erased.Nick is null ? null : Nick.KeyOf(erased.Nick);

    /// <summary>What the entry is replaced by; null if it stays.</summary>
    public Entry? Of(Entry entry)
    {
        if (entry is SignedIn signedIn && signedIn.UserId == erased.UserId)
            _sessions.Add(signedIn.Session);

        if (entry is Reacted reacted)
            return OfReactions(reacted);

        // People name themselves, too: their own entries lose the nick as those of others do.
        Entry redacted = OfOther(entry is SessionEntry own && _sessions.Contains(own.Session) ? OfOwn(own) : entry);
        return redacted == entry ? null : redacted;
    }

    private SessionEntry OfOwn(SessionEntry entry) => entry switch
    {
        Joined joined => joined with { Nick = erased.UserId, Name = erased.UserId, NickLook = null, NameLook = null, Host = "" },
        SignedIn signedIn => signedIn with { Host = "" },
        Said said => said with { Text = "" },
        Whispered whispered => whispered with { Text = "" },
        MessageEdited edited => edited with { Text = "" },
        Told told => Redaction.WithoutText(told) ?? told,
        TopicSet topic => topic with { Topic = "" },
        Kicked kicked => kicked with { Reason = "" },
        Banned banned => banned with { Reason = "" },
        PersonBanned banned => banned with { Reason = "" },
        RoomKicked kicked => kicked with { Reason = "" },
        Announced announced => announced with { Text = "" },
        _ => entry,
    };

    /// <summary>Reasons are given about the person, so they go with the nick.</summary>
    private Entry OfOther(Entry entry) => entry switch
    {
        MessageEntry message => OfMessage(message),
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
        Told told when Names(told.Text) || (told.Html is not null && Names(WebUtility.HtmlDecode(told.Html))) =>
            Redaction.WithoutText(told) ?? told,
        Erased request when request.Person == erased.Person => request with { Nick = null },
        _ => entry,
    };

    /// <summary>What somebody did to a message that the person wrote or got.</summary>
    private MessageEntry OfMessage(MessageEntry entry)
    {
        MessageEntry named = entry.AuthorId != erased.UserId ? entry
            : (entry is MessageEdited edited ? edited with { Text = "" } : entry) with { Nick = erased.UserId, Name = erased.UserId };
        return named.ToId == erased.UserId ? named with { To = erased.UserId, ToName = erased.UserId } : named;
    }

    private Reacted? OfReactions(Reacted entry) => entry.Changes.Any(change => IsOwn(change) && change.Emoji.Length > 0)
        ? entry with { Changes = [.. entry.Changes.Select(change => IsOwn(change) ? change with { Emoji = "" } : change)] }
        : null;

    private bool IsOwn(ReactionChange change) => _sessions.Contains(change.Session);

    private bool IsNick(string nick) => _key is not null && Nick.KeyOf(nick) == _key;

    /// <summary>
    /// Whether a text has the nick in any spelling. The text may be longer than any nick, so <see cref="Nick.KeyOf"/> is not for it.
    /// </summary>
    private bool Names(string text) => _key is not null && NickKey.Of(text).Contains(_key, StringComparison.Ordinal);

    private string NickOf(string nick) => IsNick(nick) ? erased.UserId : nick;
}

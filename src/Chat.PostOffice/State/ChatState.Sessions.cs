using System.Globalization;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Coming and going.</summary>
internal sealed partial class ChatState
{
    private Outcome On(Joined entry)
    {
        if (_sessions.ContainsKey(entry.Session))
            return new Refused(Refusal.BadSession);
        if (FindBan(entry.Host, entry.At) is { } ban)
            return new Refused(Refusal.HostBanned, ban.Until - entry.At);
        if (SessionsOf(entry.Host) >= entry.HostLimit)
            return new Refused(Refusal.HostFull);
        if (Looks.IsTaken(entry.NameLook, entry.Name) || FreeNick(entry) is not { } nick)
            return new Refused(Refusal.NickTaken);

        bool wanted = entry.WantedUserId is not null && !_userIds.ContainsKey(entry.WantedUserId);
        string userId = wanted ? entry.WantedUserId! : entry.UserId;

        // Random ids do not meet; but the fold must be whole behind whatever a node wrote.
        if (_userIds.ContainsKey(userId))
            return new Refused(Refusal.Unavailable);
        var who = new Person(nick, entry.AdjustNick ? entry.Name : nick, userId);
        var session = new Session(entry.Session, who, entry.Host, entry.Home, entry.At)
        {
            // A variant of the nick has no look of its own: only a table could say what it is.
            NickLook = nick == entry.Nick ? entry.NickLook : null,
            NameLook = entry.NameLook,
            MutedUntil = _mutes.EndFor(nick, entry.Host, entry.At),
        };
        Looks.Add(session);
        _sessions.Add(session.Key, session);
        _nicks.Add(nick, session);
        _userIds.Add(userId, session);
        _hosts[session.Host] = SessionsOf(session.Host) + 1;
        Active(session, entry);
        _postings.Add(new Posting.Open(session.Key));
        if (entry.Home is not null)
            Enter(session, RoomFor(entry.Home), quiet: false);
        return new JoinAccepted(Sequence, who);
    }

    private Accepted On(Left entry, Session session)
    {
        End(session, entry.Reason == CloseReason.Timeout ? "timeout" : "normal", entry.Reason, keepMail: false);
        return Done();
    }

    /// <summary>The nick that a newcomer gets; null when it is refused.</summary>
    private string? FreeNick(Joined entry)
    {
        if (IsFree(entry.Nick) && !Looks.IsTaken(entry.NickLook, entry.Nick))
            return entry.Nick;
        if (!entry.AdjustNick)
            return null;

        // This ends: variants with equally many digits all differ, so each live session takes at most one per number of digits.
        for (int number = 2; ; number++)
        {
            string variant = Nick.Variant(entry.Nick, number, entry.NickLimit);
            if (variant.Length > entry.NickLimit)
                return null;
            if (IsFree(variant))
                return variant;
        }
    }

    private bool IsFree(string nick) => !Nick.IsReserved(nick) && !_nicks.ContainsKey(nick);

    /// <summary>Takes a session out of everything, tells those who shared a room with it once each, and closes its mailbox.</summary>
    private void End(Session session, string reason, CloseReason closing, bool keepMail)
    {
        string[] rooms = [.. session.Rooms];
        if (rooms.Length > 0)
            _postings.Add(new Posting.ToRooms(rooms, new UserLeft(rooms, session.Who, Shorten(reason), Gone: true), session.Key));
        foreach (string room in rooms)
            Leave(session, room);
        _sessions.Remove(session.Key);
        _nicks.Remove(session.Who.Nick);
        _userIds.Remove(session.Who.UserId);
        Looks.Remove(session);
        int left = SessionsOf(session.Host) - 1;
        if (left > 0)
            _hosts[session.Host] = left;
        else
            _hosts.Remove(session.Host);
        _postings.Add(new Posting.Close(session.Key, closing, keepMail));
    }

    /// <summary>A reason is at most 32 bytes on the wire, its prefix included, and no character is cut.</summary>
    private static string Shorten(string reason)
    {
        const int limit = 32;
        int bytes = 0;
        int length = 0;
        while (length < reason.Length)
        {
            int next = StringInfo.GetNextTextElementLength(reason, length);
            bytes += System.Text.Encoding.UTF8.GetByteCount(reason.AsSpan(length, next));
            if (bytes > limit)
                break;
            length += next;
        }

        return reason[..length];
    }
}

using System.Globalization;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>The administrators' commands.</summary>
internal sealed partial class ChatState
{
    private Accepted SetAdmin(Session session, bool isAdmin)
    {
        if (session.IsAdmin != isAdmin)
        {
            session.IsAdmin = isAdmin;
            var content = new AdminChanged(session.Who, isAdmin);
            _postings.Add(new Posting.ToRooms([RoomName.Lobby], content, null));

            // A user who is not in the lobby must also hear about the change. One who is in the lobby already has this mail, and the
            // mailbox takes it once.
            _postings.Add(new Posting.ToSession(session.Key, content));
        }

        return Done();
    }

    private Outcome On(Kicked entry, Session admin)
    {
        if (Target(admin, entry.Nick, out Session? target) is { } refused)
            return refused;
        _postings.Add(new Posting.ToSession(
            target!.Key,
            new Notice($"You have been kicked from the chat room. Reason: {entry.Reason}", null)));
        End(target, $"kicked: {entry.Reason}", CloseReason.Kicked, keepMail: true);
        return Done();
    }

    private Outcome On(Banned entry, Session admin)
    {
        if (Target(admin, entry.Nick, out Session? target) is { } refused)
            return refused;
        foreach (string expired in _bans.Values.Where(ban => ban.Until <= entry.At).Select(ban => ban.Host).ToArray())
            _bans.Remove(expired);
        _bans[target!.Host] = new Ban(target.Host, target.Who.Nick, entry.Reason, entry.Until);
        string until = entry.Until.ToString("R", CultureInfo.InvariantCulture);
        _postings.Add(new Posting.ToSession(
            target.Key,
            new Notice($"You have been banned from the chat room until {until}. Reason: {entry.Reason}", null)));
        End(target, $"banned: {entry.Reason}", CloseReason.Banned, keepMail: true);
        return Done();
    }

    private Outcome On(Unbanned entry, Session admin)
    {
        if (!admin.IsAdmin)
            return new Refused(Refusal.NotAdmin);
        return FindBan(entry.Host, entry.At) is not null && _bans.Remove(entry.Host) ? Done() : new Refused(Refusal.NotBanned);
    }

    private Outcome On(Muted entry, Session admin)
    {
        bool lifts = entry.Until <= entry.At;
        bool outlives = entry.Outlives == true;
        Refused? refused = Target(admin, entry.Nick, out Session? target);

        // A user who has no session can be unmuted, but not muted.
        if (refused is { Why: Refusal.NoSuchUser } && lifts && outlives && _mutes.Find(entry.Nick) is { } absent && absent.Until > entry.At)
            Lift(absent.Nick, absent.Host);
        else if (refused is not null)
            return refused;
        else if (!outlives)
            target!.MutedUntil = entry.Until;
        else if (lifts)
            LiftFrom(target!);
        else
            Silence(target!, entry);
        return Done();
    }

    private Outcome On(Announced entry, Session admin)
    {
        if (!admin.IsAdmin)
            return new Refused(Refusal.NotAdmin);
        Active(admin, entry);
        _postings.Add(new Posting.ToAll(new Notice($"Announcement: {entry.Text}", null)));
        return Done();
    }

    private void Silence(Session target, Muted entry)
    {
        target.MutedUntil = entry.Until;
        _mutes.Add(new Mute(target.Who.Nick, target.Host, entry.Until), entry.At);
    }

    /// <summary>
    /// Lifts the mutes of a user. The mute of the nick may have been made when the nick was used from another address.
    /// </summary>
    private void LiftFrom(Session target)
    {
        string nick = target.Who.Nick;
        if (_mutes.Find(nick) is { } made && made.Host != target.Host)
            Lift(nick, made.Host);
        Lift(nick, target.Host);
    }

    /// <summary>Ends the mutes of a nick and of an address, and unmutes every session that shared them.</summary>
    private void Lift(string nick, string host)
    {
        _mutes.Remove(nick, host);
        foreach (Session session in _sessions.Values)
        {
            if (session.Host == host || string.Equals(session.Who.Nick, nick, StringComparison.OrdinalIgnoreCase))
                session.MutedUntil = default;
        }
    }

    private Refused? Target(Session admin, string nick, out Session? target)
    {
        target = FindNick(nick);
        if (!admin.IsAdmin)
            return new Refused(Refusal.NotAdmin);
        if (target is null)
            return new Refused(Refusal.NoSuchUser);
        return target == admin ? new Refused(Refusal.NotYourself) : null;
    }
}

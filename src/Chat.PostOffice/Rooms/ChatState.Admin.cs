using System.Globalization;

namespace ErlChat;

/// <summary>What administrators do.</summary>
internal sealed partial class ChatState
{
    private Accepted SetAdmin(Session session, bool isAdmin)
    {
        if (session.IsAdmin != isAdmin)
        {
            session.IsAdmin = isAdmin;
            var content = new AdminChanged(session.Who, isAdmin);
            _postings.Add(new Posting.ToRooms([RoomName.Lobby], content, null));

            // Who is not in the lobby hears of its own right all the same; who is has it already, and the mailbox takes it once.
            _postings.Add(new Posting.ToSession(session.Key, content));
        }

        return Done();
    }

    private Outcome On(Kicked entry, Session admin)
    {
        if (Target(admin, entry.Nick, out Session? target) is { } refused)
            return refused;
        _postings.Add(new Posting.ToSession(target!.Key, new Notice($"You have been kicked from the chat room. Reason: {entry.Reason}", null)));
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
        _postings.Add(new Posting.ToSession(target.Key, new Notice($"You have been banned from the chat room until {until}. Reason: {entry.Reason}", null)));
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
        if (Target(admin, entry.Nick, out Session? target) is { } refused)
            return refused;
        target!.MutedUntil = entry.Until;
        return Done();
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

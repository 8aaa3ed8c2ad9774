using System.Globalization;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Logins and the ends of sessions.</summary>
internal sealed partial class ChatState
{
    private Outcome On(Joined entry)
    {
        if (_sessions.ContainsKey(entry.Session))
            return new Refused(Refusal.BadSession);
        EndExpired(entry.At);
        if (FindBan(entry.Host, entry.At) is { } ban)
            return new Refused(Refusal.HostBanned, ban.Until - entry.At);
        if (SessionsOf(entry.Host) >= entry.HostLimit)
            return new Refused(Refusal.HostFull);
        if (Looks.IsTaken(entry.NameLook, entry.Name) || FreeNick(entry) is not { } nick)
            return new Refused(Refusal.NickTaken);

        bool wanted = entry.WantedUserId is not null && !_userIds.ContainsKey(entry.WantedUserId);
        string userId = wanted ? entry.WantedUserId! : entry.UserId;

        // Random ids do not collide in practice, but the fold must stay consistent whatever a node wrote.
        if (_userIds.ContainsKey(userId))
            return new Refused(Refusal.Unavailable);
        var who = new Person(nick, entry.AdjustNick ? entry.Name : nick, userId);
        var session = new Session(entry.Session, who, entry.Host, entry.Home, entry.At)
        {
            // A variant of the nick has no skeleton: only the table could compute it, and the fold must not use the table.
            NickLook = nick == entry.Nick ? entry.NickLook : null,
            NameLook = entry.NameLook,
            IsKept = entry.Keeps == true,
            MutedUntil = _mutes.EndFor(nick, entry.Host, entry.At),
        };
        Looks.Add(session);
        _sessions.Add(session.Key, session);
        _nicks.Add(nick, session);
        _userIds.Add(userId, session);
        _hosts.Change(session.Host, 1);
        Active(session, entry);
        _postings.Add(new Posting.Open(session.Key));
        if (entry.ServedBy is not null)
            Serve(session, entry.ServedBy);
        if (entry.Home is not null)
            Enter(session, RoomFor(entry.Home), quiet: false);
        return new JoinAccepted(Sequence, who);
    }

    private Outcome On(Left entry, Session session)
    {
        if (entry.ServedSince is { } since && since != session.ServedSince)
            return new MovedOn();
        End(session, entry.Reason == CloseReason.Timeout ? "timeout" : "normal", entry.Reason, keepMail: false);
        return Done();
    }

    private Outcome On(WentOffline entry, Session session)
    {
        if (entry.ServedSince is { } since && since != session.ServedSince)
            return new MovedOn();
        if (!session.IsOnline)
            return Done();
        string[] rooms = [.. session.Rooms];
        if (rooms.Length > 0)
        {
            var left = new UserLeft(rooms, session.Who, "timeout", Gone: true) { IsOffline = true };
            _postings.Add(new Posting.ToRooms(rooms, left, session.Key));
        }

        foreach (string room in rooms)
        {
            _postings.Add(new Posting.Part(session.Key, room));
            _rooms[room].ChangePresence(online: false);
        }

        (session.OfflineSince, session.OfflineUntil) = (Sequence, entry.Until);
        foreach (string room in rooms)
            _deserted.Update(_rooms[room]);

        // Whoever comes back with the cookie after days has to give the password again.
        session.IsAdmin = false;
        _hosts.Change(session.Host, -1);
        _offline.Add(session);
        _postings.Add(new Posting.GoOffline(session.Key));
        EndExpired(entry.At);
        _offline.ForgetKeys(entry.At);
        while (_offline.Surplus(entry.Limit, session.Host, entry.HostLimit) is { } surplus)
            EndOffline(surplus);
        return Done();
    }

    private Outcome On(CameOnline entry, Session session)
    {
        if (session.IsOnline)
            return Done();
        if (session.OfflineUntil <= entry.At)
        {
            EndOffline(session);
            return new Refused(Refusal.BadSession);
        }

        _offline.Remove(session);
        (session.OfflineSince, session.OnlineSince) = (0, Sequence);
        _hosts.Change(session.Host, 1);
        Active(session, entry);
        _postings.Add(new Posting.Reopen(session.Key, session.Home is { } home ? _rooms[home].Members[session.Key].Since : 0));
        if (entry.ServedBy is not null)
            Serve(session, entry.ServedBy);
        string[] rooms = [.. session.Rooms];
        if (rooms.Length > 0)
            _postings.Add(new Posting.ToRooms(rooms, new UserReturned(rooms, session.Who), session.Key));
        foreach (string room in rooms)
        {
            _postings.Add(new Posting.Enter(session.Key, room, _rooms[room].Members[session.Key].Quiet));
            _rooms[room].ChangePresence(online: true);
            _deserted.Update(_rooms[room]);
        }

        return Done();
    }

    /// <summary>Ends the sessions whose users have been offline for too long.</summary>
    private void EndExpired(DateTimeOffset now)
    {
        while (_offline.Expired(now) is { } expired)
            EndOffline(expired);
    }

    /// <summary>Ends a session whose user is offline. Nobody is told: the others know already that the user has gone.</summary>
    private void EndOffline(Session session) => End(session, "timeout", CloseReason.Timeout, keepMail: false);

    private Outcome On(Moved entry, Session session)
    {
        if (entry.ServedSince != session.ServedSince || !session.IsOnline)
            return new MovedOn();
        Serve(session, entry.Node);
        return Done();
    }

    private void Serve(Session session, string node)
    {
        session.Serving = new ServingNode(SharedName(node), Sequence);
        _postings.Add(new Posting.Serve(session.Key, session.Serving.Name, Sequence, session.EndsWithNode));
    }

    /// <summary>The one copy of a node's name. Thousands of sessions share a few names, and each entry brings its own copy.</summary>
    private string SharedName(string node)
    {
        if (_nodeNames.TryGetValue(node, out string? name))
            return name;
        if (_nodeNames.Count >= MaxNodeNames)
            _nodeNames.Clear();
        _nodeNames.Add(node);
        return node;
    }

    /// <summary>The nick for a new session; null if the login is refused.</summary>
    private string? FreeNick(Joined entry)
    {
        if (IsFree(entry.Nick) && !Looks.IsTaken(entry.NickLook, entry.Nick))
            return entry.Nick;
        if (!entry.AdjustNick)
            return null;

        // This loop ends: variants with equally many digits all differ, so each live session takes at most one per number of digits.
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

    /// <summary>Removes a session everywhere, tells each session that shared a room with it once, and closes its mailbox.</summary>
    private void End(Session session, string reason, CloseReason closing, bool keepMail)
    {
        string[] rooms = [.. session.Rooms];

        // Of a user who is offline, the others know already.
        if (rooms.Length > 0 && session.IsOnline)
            _postings.Add(new Posting.ToRooms(rooms, new UserLeft(rooms, session.Who, Shorten(reason), Gone: true), session.Key));
        foreach (string room in rooms)
            Leave(session, room);
        _offline.Remove(session);
        _sessions.Remove(session.Key);
        _nicks.Remove(session.Who.Nick);
        _userIds.Remove(session.Who.UserId);
        Looks.Remove(session);
        if (session.IsOnline)
            _hosts.Change(session.Host, -1);
        _postings.Add(new Posting.Close(session.Key, closing, keepMail));
    }

    /// <summary>Cuts a reason, including its prefix, to 32 bytes, which is the wire's limit, without cutting a character.</summary>
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

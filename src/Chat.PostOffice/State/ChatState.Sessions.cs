using System.Globalization;
using System.Text;
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
        string host = KnownHost(entry.Host, entry.Session);
        if (LoginRefusal(entry, host, entry.HostLimit) is { } refused)
            return refused;
        if (FindPersonBan(entry.Nick, entry.WantedUserId, entry.At) is { } banned)
            return new Refused(Refusal.HostBanned, banned.Until - entry.At);
        if (Looks.IsTaken(entry.NameLook, entry.Name) || FreeNick(entry) is not { } nick)
            return new Refused(Refusal.NickTaken);

        bool wanted = entry.WantedUserId is not null && FindPerson(entry.WantedUserId) is null
            && !_erased.Has(entry.WantedUserId);
        string userId = wanted ? entry.WantedUserId! : entry.UserId;

        // Random ids do not collide in practice, but the fold must stay consistent whatever a node wrote.
        if (FindPerson(userId) is not null)
            return new Refused(Refusal.Unavailable);
        var who = new Person(nick, entry.AdjustNick && entry.Name != nick ? entry.Name : nick, userId);

        // Each entry brings its own copies of what is nearly always the same.
        string? home = entry.Home is null ? null : FindRoom(entry.Home)?.Name ?? entry.Home;
        var person = new PersonState(entry.Session, who, home)
        {
            // A variant of the nick has no skeleton: only the table could compute it, and the fold must not use the table.
            NickLook = nick != entry.Nick ? null : entry.NickLook == nick ? nick : entry.NickLook,
            NameLook = entry.NameLook,
            MutedUntil = _mutes.EndFor(nick, userId, host, entry.At),
        };
        var session = new Session(entry.Session, person, host, entry.At) { IsKept = entry.Keeps == true };
        Add(person);
        Add(session);
        Active(session, entry);
        if (entry.ServedBy is not null)
            Serve(session, entry.ServedBy);
        if (home is not null)
            Enter(person, RoomFor(home), quiet: false);
        return new JoinAccepted(Sequence, who);
    }

    /// <summary>Why nobody can log in with a session and from an address; null if somebody may. First ends what has expired.</summary>
    private Refused? LoginRefusal(SessionEntry entry, string host, int hostLimit)
    {
        if (Sessions.ContainsKey(entry.Session) || _memberKeys.Contains(entry.Session))
            return new Refused(Refusal.BadSession);
        EndExpired(entry.At);
        if (FindBan(host, entry.At) is { } ban)
            return new Refused(Refusal.HostBanned, ban.Until - entry.At);
        return SessionsOf(host) >= hostLimit ? new Refused(Refusal.HostFull) : null;
    }

    /// <summary>The address in an entry. In a stored log it may have been forgotten.</summary>
    private static string KnownHost(string host, SessionKey session) => host.Length > 0 ? host : HostAddress.Forgotten(session);

    private Outcome On(Left entry, Session session)
    {
        if (entry.ServedSince is { } since && since != session.ServedSince)
            return new MovedOn();
        int away = session.Person.AwayAudience;
        End(session, entry.Reason == CloseReason.Timeout ? "timeout" : "normal", entry.Reason, keepMail: false);
        TellAway(session.Person, away);
        return Done();
    }

    private Outcome On(WentOffline entry, Session session)
    {
        if (entry.ServedSince is { } since && since != session.ServedSince)
            return new MovedOn();
        if (!session.IsOnline)
            return Done();
        int away = session.Person.AwayAudience;
        Leave(session, "timeout");
        (session.OfflineSince, session.OfflineUntil, session.AwayAudience) = (Sequence, entry.Until, 0);
        TellAway(session.Person, away);
        _hosts.Change(session.Host, -1);
        _offline.Add(session);
        _postings.Add(new Posting.GoOffline(session.Key));
        EndExpired(entry.At);
        _packable.Add(session);
        _packable.AddRange(_offline.ForgetKeys(entry.At));
        while (_offline.Surplus(entry.Limit, session.Host, entry.HostLimit) is { } surplus)
            EndOffline(Live(surplus));
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
        int away = session.Person.AwayAudience;
        (session.OfflineSince, session.OnlineSince) = (0, Sequence);
        _hosts.Change(session.Host, 1);
        Active(session, entry);
        _postings.Add(new Posting.Reopen(session.Key, BeginOf(session)));
        if (entry.ServedBy is not null)
            Serve(session, entry.ServedBy);
        Arrive(session);
        TellAway(session.Person, away);
        return Done();
    }

    /// <summary>
    /// The sequence of the entry with which a session began: for a person's first, the one with which the person came home. 0 if that is
    /// not known.
    /// </summary>
    internal long BeginOf(Session session) => session.Began > 0 ? session.Began : BeginOf(session.Person);

    /// <summary>
    /// The sequence of the entry with which a person got its nick; 0 if that is not known, as for a person who came through a door without
    /// a home.
    /// </summary>
    internal long BeginOf(PersonState person) =>
        person.Home is not { } home || !_rooms.TryGetValue(home, out Room? room) ? 0
        : room.Members.TryGetValue(person.Key, out Membership? member) ? member.Since
        : _packed.Find(person.Key)?.Unpack() is var (session, memberships)
            ? memberships[session.Person.Rooms.FindIndex(name => RoomName.Same(name, home))].Since
            : 0;

    /// <summary>
    /// A session that is not its person's first is online: adds it to the rooms' lists. If nobody of its person was here, the others are
    /// told.
    /// </summary>
    private void Arrive(Session session)
    {
        PersonState person = session.Person;
        bool isBack = !person.IsOnline;
        string[] rooms = [.. person.Rooms];
        if (isBack)
            TellOthers(person, session.Key, shared => new UserReturned(shared, person.Who));
        person.OfflineSince = 0;
        foreach (string name in rooms)
        {
            Room room = _rooms[name];
            _postings.Add(new Posting.Enter(session.Key, name, room.Members[person.Key].Quiet));
            if (!isBack)
                continue;
            room.ChangePresence(online: true);
            _deserted.Update(room);
        }
    }

    /// <summary>
    /// A session that is online no longer is, although its person stays: removes it from the rooms' lists. If it was the only one online,
    /// the others are told.
    /// </summary>
    private void Leave(Session session, string reason)
    {
        PersonState person = session.Person;
        bool isGone = !person.IsOnlineWithout(session);
        string[] rooms = [.. person.Rooms];
        if (isGone)
            TellOthers(person, session.Key, shared => new UserLeft(shared, person.Who, Shorten(reason), Gone: true) { IsOffline = true });

        foreach (string room in rooms)
        {
            _postings.Add(new Posting.Part(session.Key, room));
            if (isGone)
                _rooms[room].ChangePresence(online: false);
        }

        if (!isGone)
            return;
        person.OfflineSince = Sequence;
        foreach (string room in rooms)
            _deserted.Update(_rooms[room]);

        // Whoever comes back with the cookie after days has to give the administrators' password again, unless the right is the person's.
        person.IsAdmin = person.IsAppointed;
        if (!person.IsAdmin)
            _admins.Remove(person);
    }

    /// <summary>Ends the sessions that have been offline for too long, and forgets the removals that are too old.</summary>
    private void EndExpired(DateTimeOffset now)
    {
        _removals.RemoveExpired(now);
        while (_offline.Expired(now) is { } expired)
            EndOffline(Live(expired));
    }

    /// <summary>Ends a session that is offline. Nobody is told: the others know already that it has gone.</summary>
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
            if (IsFree(variant) && FindPersonBan(variant, null, entry.At) is null)
                return variant;
        }
    }

    private bool IsFree(string nick) => !Nick.IsReserved(nick) && FindOwner(nick) is null;

    private void Add(PersonState person)
    {
        Index(person);
        if (!Ascii.IsValid(person.Who.Nick))
            _nickKeys.Add(Nick.KeyOf(person.Who.Nick), person.Who.Nick);
    }

    private void Add(Session session)
    {
        session.Person.Add(session);
        _sessions.Add(session.Key, session);
        _hosts.Change(session.Host, 1);
        _postings.Add(new Posting.Open(session.Key));
    }

    /// <summary>Ends all sessions of a person, and with them a guest.</summary>
    private void EndAll(PersonState person, string reason, CloseReason closing)
    {
        // Those that are online last: then the others are told the reason once.
        foreach (Session session in person.Sessions.OrderBy(static session => session.IsOnline).ToArray())
            End(session, reason, closing, keepMail: true);
    }

    /// <summary>Ends a session and closes its mailbox. A guest goes with it; a member stays, whether here or not.</summary>
    private void End(Session session, string reason, CloseReason closing, bool keepMail)
    {
        PersonState person = session.Person;
        bool isGuest = !person.IsMember;
        if (isGuest)
            Remove(person, reason);
        else if (session.IsOnline)
            Leave(session, reason);
        _offline.Remove(session);
        Remove(session.Key);
        person.Remove(session);
        if (session.IsOnline)
            _hosts.Change(session.Host, -1);
        _postings.Add(new Posting.Close(session.Key, closing, keepMail));
        if (isGuest)
            _postings.Add(new Posting.Forget(person.Key));
    }

    /// <summary>Removes a person everywhere, and tells each session that shared a room with it once.</summary>
    private void Remove(PersonState person, string reason)
    {
        string[] rooms = [.. person.Rooms];

        // Of a person who is offline, the others know already.
        SessionKey? self = person.Sessions is [var only] ? only.Key : null;
        if (person.IsOnline)
            TellOthers(person, self, shared => new UserLeft(shared, person.Who, Shorten(reason), Gone: true));
        foreach (string room in rooms)
            Leave(person, room);
        EndStanding(person.Who.UserId);
        if (person.IsAdmin)
            EndAdminLinks(person);
        Unindex(person);
        if (!Ascii.IsValid(person.Who.Nick))
            _nickKeys.Remove(Nick.KeyOf(person.Who.Nick));
        _memberKeys.Remove(person.Key);
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

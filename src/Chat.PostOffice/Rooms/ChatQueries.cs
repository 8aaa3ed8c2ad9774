using ErlChat.History;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>Answers questions: looks at the state, and at the history for those who may read it.</summary>
/// <remarks>
/// Thread-safe. Every method copies what it returns under the state's lock, at a cost linear in that; sorting and searching happen
/// outside the lock.
/// </remarks>
internal sealed class ChatQueries(GuardedState state, IChatHistory history, TimeProvider time)
{
    private readonly PeopleLists _people = new(state);

    /// <summary>A live session; null when there is none.</summary>
    internal SessionView? Find(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? ViewOf(found) : null;
    }

    /// <summary>The live session with a nick, ignoring case; null when there is none.</summary>
    internal SessionView? FindNick(string nick)
    {
        lock (state.Gate)
            return state.Now.FindNick(nick) is { } found ? ViewOf(found) : null;
    }

    /// <summary>The live sessions of an address, by nick: those that a ban of it keeps from coming back.</summary>
    /// <param name="host">Canonical (<see cref="HostAddress"/>).</param>
    internal IReadOnlyList<SessionView> SessionsAt(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        SessionView[] sessions;
        lock (state.Gate)
        {
            sessions = state.Now.SessionsOf(host) == 0
                ? []
                : [.. state.Now.Sessions.Values.Where(session => session.Host == host).Select(ViewOf)];
        }

        Array.Sort(sessions, static (one, other) => string.CompareOrdinal(one.Who.Nick, other.Who.Nick));
        return sessions;
    }

    /// <summary>
    /// The live sessions whose nick is behind <paramref name="after"/>, by nick, and whether there are more. Under the fold's lock only
    /// references are copied; what is sorted and found is sorted and found outside.
    /// </summary>
    /// <param name="after">A nick, ignoring case; empty for the beginning.</param>
    /// <param name="find">A part of a nick or of an address, ignoring case; empty for all.</param>
    /// <param name="limit">The most sessions to give, 1 or more.</param>
    internal (IReadOnlyList<SessionView> Sessions, bool More) SessionsAfter(string after, string find, int limit)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(find);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        (string Nick, string Host, SessionKey Key)[] all;
        lock (state.Gate)
        {
            all = new (string, string, SessionKey)[state.Now.Sessions.Count];
            int count = 0;
            foreach (Session session in state.Now.Sessions.Values)
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

    /// <summary>
    /// The people of a room, most recently active first, and the sequence that the list is as of, now or later; null when there is no such
    /// room. Sorted outside the lock, once for all who ask at the same time.
    /// </summary>
    internal Task<PeopleListed?> PeopleAsync(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _people.GetAsync(room);
    }

    /// <summary>A room; null when there is none.</summary>
    internal RoomView? FindRoom(string room)
    {
        lock (state.Gate)
            return state.Now.Rooms.TryGetValue(room, out Room? found) ? ViewOf(found) : null;
    }

    /// <summary>All rooms, by name.</summary>
    internal IReadOnlyList<RoomView> Rooms()
    {
        RoomView[] rooms;
        lock (state.Gate)
        {
            rooms = new RoomView[state.Now.Rooms.Count];
            int count = 0;
            foreach (Room room in state.Now.Rooms.Values)
                rooms[count++] = ViewOf(room);
        }

        Array.Sort(rooms, static (one, other) => string.Compare(one.Name, other.Name, StringComparison.OrdinalIgnoreCase));
        return rooms;
    }

    /// <summary>The bans in force, and how long each still is.</summary>
    internal IReadOnlyList<(Ban Ban, TimeSpan Left)> ActiveBans()
    {
        DateTimeOffset now = time.GetUtcNow();
        Ban[] bans;
        lock (state.Gate)
            bans = [.. state.Now.Bans.Values];
        return [.. bans.Where(ban => ban.Until > now).Select(ban => (ban, ban.Until - now))];
    }

    /// <summary>The mutes in force that outlive a session, by nick, and how long each still is.</summary>
    internal IReadOnlyList<(Mute Mute, TimeSpan Left)> ActiveMutes()
    {
        DateTimeOffset now = time.GetUtcNow();
        Mute[] mutes;
        lock (state.Gate)
            mutes = [.. state.Now.Mutes];
        return [.. mutes.Where(mute => mute.Until > now).Select(mute => (mute, mute.Until - now))];
    }

    /// <summary>Rooms that somebody is in.</summary>
    internal int RoomCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.Rooms.Count;
        }
    }

    /// <summary>Live sessions.</summary>
    internal int SessionCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.Sessions.Count;
        }
    }

    /// <summary>A room's history; null when the session is not in it.</summary>
    /// <inheritdoc cref="IChatHistory.ReadAsync" path="/param"/>
    internal async ValueTask<MailPage?> HistoryAsync(
        SessionKey session, string room, long before, PageSize size, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            if (!state.Now.Sessions.TryGetValue(session, out Session? found) || !found.IsIn(room))
                return null;
        }

        return await history.ReadAsync(room, before, size, cancellationToken);
    }

    /// <summary>The session's private messages with somebody; null when the session has ended.</summary>
    /// <inheritdoc cref="IChatHistory.ReadPrivateAsync" path="/param"/>
    internal async ValueTask<MailPage?> PrivateHistoryAsync(
        SessionKey session, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) =>
        IsLive(session) ? await history.ReadPrivateAsync(session, with, before, size, cancellationToken) : null;

    /// <summary>
    /// What was said in a room, or in all that the session may read when <paramref name="room"/> is null: its rooms and its private
    /// messages. Null when the session is not in that room.
    /// </summary>
    /// <inheritdoc cref="IChatHistory.SearchAsync" path="/param"/>
    /// <inheritdoc cref="IChatHistory.SearchAsync" path="/exception"/>
    internal async ValueTask<MailPage?> SearchAsync(
        SessionKey session,
        SearchQuery query,
        string? room,
        long before,
        PageSize size,
        CancellationToken cancellationToken)
    {
        SearchScope scope;
        lock (state.Gate)
        {
            if (!state.Now.Sessions.TryGetValue(session, out Session? found) || (room is not null && !found.IsIn(room)))
                return null;
            scope = room is not null ? new SearchScope([room], null) : new SearchScope([.. found.Rooms], session);
        }

        return await history.SearchAsync(query, scope, before, size, cancellationToken);
    }

    /// <summary>Whether a session has begun and not ended.</summary>
    internal bool IsLive(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.ContainsKey(session);
    }

    /// <summary>Whether there can be such a room: its name is told in answers to commands, which are in the log.</summary>
    internal bool MayBeRoom(string room) => RoomName.IsValid(room) || FindRoom(room) is not null;

    /// <summary>What came of the command that a session gave with a key; null when there was none, or it is forgotten.</summary>
    internal Outcome? FindKeyed(SessionKey session, string key)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? found.Keyed.Peek(key, time.GetUtcNow()) : null;
    }

    private static SessionView ViewOf(Session session) => new(
        session.Key,
        session.Who,
        session.Host,
        session.Home,
        session.IsAdmin,
        session.Since,
        session.LastActiveAt,
        [.. session.Rooms]);

    private static RoomView ViewOf(Room room) => new(room.Name, room.Topic, room.Members.Count);
}

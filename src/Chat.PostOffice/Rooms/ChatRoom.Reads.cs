using ErlChat.History;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>Looking at the state. Every method copies what it gives away; cost is linear in that.</summary>
public sealed partial class ChatRoom
{
    /// <summary>A live session; null when there is none.</summary>
    public SessionView? Find(SessionKey session)
    {
        lock (_gate)
            return _state.Sessions.TryGetValue(session, out Session? found) ? ViewOf(found) : null;
    }

    /// <summary>The live session with a nick, ignoring case; null when there is none.</summary>
    public SessionView? FindNick(string nick)
    {
        lock (_gate)
            return _state.FindNick(nick) is { } found ? ViewOf(found) : null;
    }

    /// <summary>The live sessions of an address, by nick: those that a ban of it keeps from coming back.</summary>
    /// <param name="host">Canonical (<see cref="HostAddress"/>).</param>
    public IReadOnlyList<SessionView> SessionsAt(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        SessionView[] sessions;
        lock (_gate)
        {
            sessions = _state.SessionsOf(host) == 0
                ? []
                : [.. _state.Sessions.Values.Where(session => session.Host == host).Select(ViewOf)];
        }

        Array.Sort(sessions, static (one, other) => string.CompareOrdinal(one.Who.Nick, other.Who.Nick));
        return sessions;
    }

    /// <summary>
    /// The people of a room, most recently active first, and the sequence that the list is as of, now or later; null when there is no such
    /// room. Sorted outside the lock, once for all who ask at the same time.
    /// </summary>
    public Task<PeopleListed?> PeopleAsync(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _people.GetAsync(room);
    }

    /// <summary>A room; null when there is none.</summary>
    public RoomView? FindRoom(string room)
    {
        lock (_gate)
            return _state.Rooms.TryGetValue(room, out Room? found) ? ViewOf(found) : null;
    }

    /// <summary>All rooms, by name.</summary>
    public IReadOnlyList<RoomView> Rooms()
    {
        RoomView[] rooms;
        lock (_gate)
        {
            rooms = new RoomView[_state.Rooms.Count];
            int count = 0;
            foreach (Room room in _state.Rooms.Values)
                rooms[count++] = ViewOf(room);
        }

        Array.Sort(rooms, static (one, other) => string.Compare(one.Name, other.Name, StringComparison.OrdinalIgnoreCase));
        return rooms;
    }

    /// <summary>The bans in force, and how long each still is.</summary>
    public IReadOnlyList<(Ban Ban, TimeSpan Left)> ActiveBans()
    {
        DateTimeOffset now = _time.GetUtcNow();
        Ban[] bans;
        lock (_gate)
            bans = [.. _state.Bans.Values];
        return [.. bans.Where(ban => ban.Until > now).Select(ban => (ban, ban.Until - now))];
    }

    /// <summary>Rooms that somebody is in.</summary>
    public int RoomCount
    {
        get
        {
            lock (_gate)
                return _state.Rooms.Count;
        }
    }

    /// <summary>Live sessions.</summary>
    public int SessionCount
    {
        get
        {
            lock (_gate)
                return _state.Sessions.Count;
        }
    }

    /// <summary>A room's history; null when the session is not in it.</summary>
    /// <inheritdoc cref="IChatHistory.ReadAsync" path="/param"/>
    public async ValueTask<MailPage?> HistoryAsync(SessionKey session, string room, long before, PageSize size, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_state.Sessions.TryGetValue(session, out Session? found) || !found.IsIn(room))
                return null;
        }

        return await _history.ReadAsync(room, before, size, cancellationToken);
    }

    /// <summary>The session's private messages with somebody; null when the session has ended.</summary>
    /// <inheritdoc cref="IChatHistory.ReadPrivateAsync" path="/param"/>
    public async ValueTask<MailPage?> PrivateHistoryAsync(SessionKey session, Correspondent with, long before, PageSize size, CancellationToken cancellationToken)
    {
        return IsLive(session) ? await _history.ReadPrivateAsync(session, with, before, size, cancellationToken) : null;
    }

    /// <summary>
    /// What was said in a room, or in all that the session may read when <paramref name="room"/> is null: its rooms and its private messages. Null when the
    /// session is not in that room.
    /// </summary>
    /// <inheritdoc cref="IChatHistory.SearchAsync" path="/param"/>
    /// <inheritdoc cref="IChatHistory.SearchAsync" path="/exception"/>
    public async ValueTask<MailPage?> SearchAsync(
        SessionKey session,
        SearchQuery query,
        string? room,
        long before,
        PageSize size,
        CancellationToken cancellationToken)
    {
        SearchScope scope;
        lock (_gate)
        {
            if (!_state.Sessions.TryGetValue(session, out Session? found) || (room is not null && !found.IsIn(room)))
                return null;
            scope = room is not null ? new SearchScope([room], null) : new SearchScope([.. found.Rooms], session);
        }

        return await _history.SearchAsync(query, scope, before, size, cancellationToken);
    }

    private bool IsLive(SessionKey session)
    {
        lock (_gate)
            return _state.Sessions.ContainsKey(session);
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

using ErlChat.History;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>Answers questions from the state, and from the history if the session may read it.</summary>
/// <remarks>
/// Thread-safe. Every method copies what it returns under the state's lock, at a cost linear in the size of the copy. Sorting and searching
/// happen outside the lock.
/// </remarks>
internal sealed class ChatQueries(GuardedState state, IChatHistory history, TimeProvider time)
{
    private readonly PeopleLists _people = new(state);

    /// <summary>A live session; null if there is none.</summary>
    internal SessionView? Find(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.TryGetValue(session, out Session? found) ? ViewOf(found) : null;
    }

    /// <summary>The live session with a nick, ignoring case; null if there is none.</summary>
    internal SessionView? FindNick(string nick)
    {
        lock (state.Gate)
            return state.Now.FindNick(nick) is { } found ? ViewOf(found) : null;
    }

    /// <summary>
    /// The live sessions of an address, whether online or not, by nick: those that a ban of the address would keep from logging in again.
    /// </summary>
    /// <param name="host">Canonical address (<see cref="HostAddress"/>).</param>
    internal IReadOnlyList<SessionView> SessionsAt(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        SessionView[] sessions;
        lock (state.Gate)
            sessions = [.. state.Now.Sessions.Values.Where(session => session.Host == host).Select(ViewOf)];
        Array.Sort(sessions, static (one, other) => string.CompareOrdinal(one.Who.Nick, other.Who.Nick));
        return sessions;
    }

    /// <summary>
    /// The live sessions whose nick comes after <paramref name="after"/>, by nick, and whether there are more. Only references are copied
    /// under the state's lock; filtering and sorting happen outside it.
    /// </summary>
    /// <param name="after">A nick, ignoring case; empty for the beginning.</param>
    /// <param name="find">A part of a nick or of an address, ignoring case; empty for all.</param>
    /// <param name="limit">The most sessions to return, 1 or more.</param>
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

        // Sessions that have ended in the meantime are not returned and do not count. So a page with more after it is never empty, and its
        // reader knows where to continue.
        SessionView[] found = [.. wanted.Select(one => Find(one.Key)).OfType<SessionView>().Take(limit + 1)];
        return (found[..Math.Min(limit, found.Length)], found.Length > limit);
    }

    /// <summary>
    /// The users in a room, most recently active first, with the sequence of the list, which is the current one or later; null if there is
    /// no such room. Sorted outside the lock, once for all callers that ask at the same time.
    /// </summary>
    internal Task<PeopleListed?> PeopleAsync(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _people.GetAsync(room);
    }

    /// <summary>A room; null if there is none.</summary>
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

    /// <summary>The current bans, and how long each still lasts.</summary>
    internal IReadOnlyList<(Ban Ban, TimeSpan Left)> ActiveBans()
    {
        DateTimeOffset now = time.GetUtcNow();
        Ban[] bans;
        lock (state.Gate)
            bans = [.. state.Now.Bans.Values];
        return [.. bans.Where(ban => ban.Until > now).Select(ban => (ban, ban.Until - now))];
    }

    /// <summary>The current mutes that outlive a session, by nick, and how long each still lasts.</summary>
    internal IReadOnlyList<(Mute Mute, TimeSpan Left)> ActiveMutes()
    {
        DateTimeOffset now = time.GetUtcNow();
        Mute[] mutes;
        lock (state.Gate)
            mutes = [.. state.Now.Mutes];
        return [.. mutes.Where(mute => mute.Until > now).Select(mute => (mute, mute.Until - now))];
    }

    /// <summary>How many rooms exist.</summary>
    internal int RoomCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.Rooms.Count;
        }
    }

    /// <summary>How many sessions have users who are online.</summary>
    internal int SessionCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.Online;
        }
    }

    /// <summary>How many sessions wait for users who are offline.</summary>
    internal int OfflineCount
    {
        get
        {
            lock (state.Gate)
                return state.Now.Sessions.Count - state.Now.Online;
        }
    }

    /// <summary>A room's history; null if the session is not in the room.</summary>
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

    /// <summary>The session's private messages with a user; null if the session has ended.</summary>
    /// <inheritdoc cref="IChatHistory.ReadPrivateAsync" path="/param"/>
    internal async ValueTask<MailPage?> PrivateHistoryAsync(
        SessionKey session, Correspondent with, long before, PageSize size, CancellationToken cancellationToken) =>
        IsLive(session) ? await history.ReadPrivateAsync(session, with, before, size, cancellationToken) : null;

    /// <summary>
    /// Searches a room or, if <paramref name="room"/> is null, all that the session may read: its rooms and its private messages. Null if
    /// the session is not in that room or has ended.
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

    /// <summary>Whether a session is live.</summary>
    internal bool IsLive(SessionKey session)
    {
        lock (state.Gate)
            return state.Now.Sessions.ContainsKey(session);
    }

    /// <summary>
    /// Whether a room may have this name or exists. Checked because answers to commands repeat the name, and answers are in the log.
    /// </summary>
    internal bool MayBeRoom(string room) => RoomName.IsValid(room) || FindRoom(room) is not null;

    /// <summary>The outcome of the command that a session gave with a key; null if there was none or the key has expired.</summary>
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
        [.. session.Rooms])
    {
        IsOnline = session.IsOnline,
        IsKept = session.IsKept,
        ServedBy = session.ServedBy,
    };

    private static RoomView ViewOf(Room room) => new(room.Name, room.Topic, room.Online);
}

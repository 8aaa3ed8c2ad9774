using ErlChat.Names;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// Guests who are offline are packed (<see cref="PackedGuest"/>), if nothing is known of them that does not fit. Whoever only looks gets a
/// copy. Before an entry changes such a guest, it is unpacked, and packed again after the entry if it still can be.
/// </summary>
internal sealed partial class ChatState
{
    private readonly PackedGuests _packed = new();

    /// <summary>The sessions that may be packed when the entry has been applied.</summary>
    private readonly List<Session> _packable = [];

    /// <summary>Whether guests are packed. If not, nothing else is different; tests compare the two.</summary>
    internal bool Packs { get; init; } = true;

    /// <summary>How many guests are packed.</summary>
    internal int Packed => _packed.Count;

    private Room Lobby => _rooms[RoomName.Lobby];

    /// <summary>
    /// Each person who has sessions and is not packed, with the address and the key of the newest. In no particular order.
    /// </summary>
    internal IEnumerable<(string Nick, string Host, SessionKey Key)> NewestSessions() => _sessions.Values
        .Where(static session => session.Person.Sessions[^1] == session)
        .Select(static session => (session.Person.Who.Nick, session.Host, session.Key));

    /// <summary>
    /// The newest session from an address of each person who has any and is not packed. In no particular order.
    /// </summary>
    internal IEnumerable<Session> NewestSessionsAt(string host) => _sessions.Values
        .Where(session => session == session.Person.Sessions.LastOrDefault(one => one.Host == host));

    /// <summary>The guests who are packed now. They never change, so they can be read outside the lock. In no particular order.</summary>
    internal PackedGuest[] CopyPacked() => [.. _packed.All];

    /// <summary>A session, unpacked; null if there is none.</summary>
    private Session? Live(SessionKey key) =>
        _sessions.TryGetValue(key, out Session? session) ? session : _packed.Find(key) is { } guest ? Unpack(guest) : null;

    /// <summary>A person that is about to change: for a copy of a packed guest, the guest itself.</summary>
    private PersonState Live(PersonState person) => _packed.Find(person.Key) is { } guest ? Unpack(guest).Person : person;

    private Session Live(IOfflineSession session) => session as Session ?? Unpack((PackedGuest)session);

    private Session Unpack(PackedGuest guest)
    {
        (Session session, Membership[] memberships) = guest.Unpack();
        List<string> rooms = session.Person.Rooms;
        if (session.Serving is { } serving)
            session.Serving = serving with { Name = SharedName(serving.Name) };
        _packed.Remove(guest);
        Index(session.Person);
        _sessions.Add(session.Key, session);
        _offline.Replace(guest, session);
        for (int i = 0; i < memberships.Length; i++)
        {
            Room room = _rooms[rooms[i]];
            rooms[i] = room.Name;
            room.Packed.Remove(guest);
            room.Add(memberships[i]);
        }

        _packable.Add(session);
        return session;
    }

    /// <summary>Unpacks guests for as long as this entry is applied.</summary>
    private void Unpack(IEnumerable<PackedGuest> guests)
    {
        foreach (PackedGuest guest in guests.ToArray())
            Unpack(guest);
    }

    /// <summary>Packs those of the sessions that were offline, or were unpacked, for this entry.</summary>
    private void Pack()
    {
        foreach (Session session in _packable)
        {
            PersonState person = session.Person;
            if (!Packs || _sessions.GetValueOrDefault(session.Key) != session
                || PackedGuest.Pack(session, [.. person.Rooms.Select(room => _rooms[room].Members[person.Key])]) is not { } guest)
            {
                continue;
            }

            foreach (string name in person.Rooms)
            {
                Room room = _rooms[name];
                room.Remove(person.Key);
                if (room != Lobby)
                    room.Packed.Add(guest);
            }

            _offline.Replace(session, guest);
            Remove(session.Key);
            Unindex(person);
            _packed.Add(guest);
        }

        _packable.Clear();
    }

    /// <summary>Makes a person one who is found by nick, user id and looks.</summary>
    private void Index(PersonState person)
    {
        Looks.Add(person);
        _nicks.Add(person.Who.Nick, person);
        _userIds.Add(person.Who.UserId, person);
        if (person.IsAdmin)
            _admins.Add(person);
    }

    private void Unindex(PersonState person)
    {
        Looks.Remove(person);
        _nicks.Remove(person.Who.Nick);
        _userIds.Remove(person.Who.UserId);
        _admins.Remove(person);
        Sparse.Trim(_nicks);
        Sparse.Trim(_userIds);
    }

    private void Remove(SessionKey session)
    {
        _sessions.Remove(session);
        Sparse.Trim(_sessions);
    }
}

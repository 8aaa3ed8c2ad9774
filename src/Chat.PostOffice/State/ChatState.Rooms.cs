using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Rooms, and what is said in them.</summary>
internal sealed partial class ChatState
{
    private Outcome On(EnteredRoom entry, Session session)
    {
        if (session.IsIn(entry.Room))
            return new Refused(Refusal.AlreadyInRoom);
        bool exists = _rooms.ContainsKey(entry.Room);
        if (session.Rooms.Count >= entry.SessionRoomLimit || (!exists && _rooms.Count >= entry.RoomLimit))
            return new Refused(Refusal.TooManyRooms);
        if (!exists && entry.Look is not null && _roomLooks.ContainsKey(entry.Look))
            return new Refused(Refusal.LooksAlike);

        Room room = RoomFor(entry.Room, entry.Look);
        Person[] others = room.CopyPersons();
        Enter(session, room, entry.Quiet);
        Active(session, entry);
        _postings.Add(new Posting.ToSession(session.Key, new Welcome(room.Name, session.Who, room.Topic, others)));
        return new RoomAccepted(Sequence, room.Name, room.Topic, [.. others, session.Who]);
    }

    private Outcome On(PartedRoom entry, Session session)
    {
        if (!session.IsIn(entry.Room))
            return new Refused(Refusal.NotInRoom);
        if (session.Home is not null && RoomName.Same(session.Home, entry.Room))
            return new Refused(Refusal.HomeRoom);

        string room = _rooms[entry.Room].Name;
        _postings.Add(new Posting.ToRooms([room], new UserLeft([room], session.Who, "normal", Gone: false), session.Key));
        _postings.Add(new Posting.ToSession(session.Key, new Farewell(room, session.Who)));
        Leave(session, room);
        Active(session, entry);
        return Done();
    }

    private Outcome On(Said entry, Session session)
    {
        if (session.MutedUntil > entry.At)
            return new Refused(Refusal.Muted, session.MutedUntil - entry.At);
        if (!session.IsIn(entry.Room))
            return new Refused(Refusal.NotInRoom);

        string room = _rooms[entry.Room].Name;
        Active(session, entry);
        _postings.Add(new Posting.ToSession(session.Key, new Spoken(room, session.Who, entry.Text, entry.Action, Own: true)));
        _postings.Add(new Posting.ToRooms([room], new Spoken(room, session.Who, entry.Text, entry.Action, Own: false), session.Key));
        return Done();
    }

    private Outcome On(Whispered entry, Session session)
    {
        if (session.MutedUntil > entry.At)
            return new Refused(Refusal.Muted, session.MutedUntil - entry.At);

        // Who has no home came in by a door whose wire has no private messages. To take one for him would be to lose it.
        if (Receiver(entry) is not { Home: not null } other)
            return new Refused(Refusal.NoSuchUser);

        Active(session, entry);
        _postings.Add(new Posting.ToSession(session.Key, new Whisper(session.Who, other.Who, entry.Text, Own: true)));
        if (other != session)
            _postings.Add(new Posting.ToSession(other.Key, new Whisper(session.Who, other.Who, entry.Text, Own: false)));
        return Done();
    }

    /// <summary>Who is meant. Somebody else who has the nick by now is not.</summary>
    private Session? Receiver(Whispered entry)
    {
        if (entry.ToId is null)
            return _nicks.GetValueOrDefault(entry.To);
        Session? meant = _userIds.GetValueOrDefault(entry.ToId);
        return entry.To.Length == 0 || string.Equals(meant?.Who.Nick, entry.To, StringComparison.OrdinalIgnoreCase) ? meant : null;
    }

    private Accepted On(Told entry)
    {
        _postings.Add(new Posting.ToSession(entry.Session, new Notice(entry.Text, entry.Html)));
        return Done();
    }

    private Outcome On(TopicSet entry, Session session)
    {
        if (session.MutedUntil > entry.At)
            return new Refused(Refusal.Muted, session.MutedUntil - entry.At);
        if (!session.IsIn(entry.Room))
            return new Refused(Refusal.NotInRoom);

        Room room = _rooms[entry.Room];
        room.Topic = entry.Topic;
        Active(session, entry);
        _postings.Add(new Posting.ToRooms([room.Name], new TopicChanged(room.Name, session.Who, room.Topic), null));
        return Done();
    }

    /// <summary>An entry of older versions: its list was given when it was written.</summary>
    private Accepted On(Listed entry)
    {
        if (entry.From <= Sequence)
            _postings.Add(new Posting.Hide(entry.Session, entry.From));
        return Done();
    }

    private Room RoomFor(string name, string? look = null)
    {
        if (_rooms.TryGetValue(name, out Room? room))
            return room;
        _rooms.Add(name, room = new Room(name) { Look = look });
        if (look is not null)
            _roomLooks.Add(look, room);
        return room;
    }

    private void Enter(Session session, Room room, bool quiet)
    {
        _postings.Add(new Posting.ToRooms([room.Name], new UserEntered(room.Name, session.Who), session.Key));
        _postings.Add(new Posting.Enter(session.Key, room.Name, quiet));
        room.Add(new Membership(session, Sequence, quiet));
        session.Rooms.Add(room.Name);
    }

    /// <summary>A room ends with its last member, its topic with it; only the lobby stays.</summary>
    private void Leave(Session session, string name)
    {
        Room room = _rooms[name];
        room.Remove(session.Key);
        session.Rooms.RemoveAll(one => RoomName.Same(one, name));
        _postings.Add(new Posting.Part(session.Key, room.Name));
        if (room.Members.Count > 0 || RoomName.Same(name, RoomName.Lobby))
            return;
        _rooms.Remove(name);
        if (room.Look is not null)
            _roomLooks.Remove(room.Look);
        _postings.Add(new Posting.Ended(room.Name));
    }
}

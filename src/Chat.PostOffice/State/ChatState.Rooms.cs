using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Rooms and their messages.</summary>
internal sealed partial class ChatState
{
    private Outcome On(EnteredRoom entry, Session session)
    {
        if (session.IsIn(entry.Room))
            return new Refused(Refusal.AlreadyInRoom);
        bool exists = _rooms.ContainsKey(entry.Room);
        bool isFull = !exists && _rooms.Count >= entry.RoomLimit;
        if (session.Rooms.Count >= entry.SessionRoomLimit || (isFull && _deserted.Oldest is null))
            return new Refused(Refusal.TooManyRooms);
        if (!exists && entry.Look is not null && _roomLooks.ContainsKey(entry.Look))
            return new Refused(Refusal.LooksAlike);
        if (isFull)
            EndDesertedRoom();

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

        // A session without a home came through a door whose wire has no private messages. Accepting a message for it would lose the
        // message.
        if (Receiver(entry) is not { Home: not null } other)
            return new Refused(Refusal.NoSuchUser);

        Active(session, entry);
        _postings.Add(new Posting.ToSession(session.Key, new Whisper(session.Who, other.Who, entry.Text, Own: true)));
        if (other != session)
            _postings.Add(new Posting.ToSession(other.Key, new Whisper(session.Who, other.Who, entry.Text, Own: false)));
        return Done();
    }

    /// <summary>The receiver; null if the nick now belongs to another user.</summary>
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

    /// <summary>An entry of older versions: the list was returned when the entry was written.</summary>
    private Accepted On(Listed entry)
    {
        if (entry.From <= Sequence)
            _postings.Add(new Posting.Hide(entry.Session, entry.From));
        return Done();
    }

    /// <summary>
    /// Ends the room in which nobody has been online for longest, so that people who are away cannot use up all rooms.
    /// </summary>
    private void EndDesertedRoom()
    {
        Room deserted = _rooms[_deserted.Oldest!];
        foreach (Membership member in deserted.InOrder.ToArray())
            Leave(member.Session, deserted.Name);
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
        _deserted.Update(room);
        session.Rooms.Add(room.Name);
    }

    /// <summary>Removes a member. When the last one leaves, the room and its topic end; only the lobby stays.</summary>
    private void Leave(Session session, string name)
    {
        Room room = _rooms[name];
        room.Remove(session.Key);
        _deserted.Update(room);
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

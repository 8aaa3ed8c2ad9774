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
        Room? existing = FindRoom(entry.Room);
        if (existing is not null && session.Person.IsIn(existing.Name))
            return new Refused(Refusal.AlreadyInRoom);
        bool isFull = existing is null && _rooms.Count >= entry.RoomLimit;
        if (session.Person.Rooms.Count >= entry.SessionRoomLimit || (isFull && _deserted.Oldest is null))
            return new Refused(Refusal.TooManyRooms);
        if (existing is not null && (entry.Private == true || !MayEnter(session.Person, existing)))
            return new Refused(Refusal.NameNotFree);
        if (existing is null && entry.Look is not null && _roomLooks.TryGetValue(entry.Look, out Room? alike))
            return new Refused(MaySee(session.Person, alike) ? Refusal.LooksAlike : Refusal.NameNotFree);
        if (isFull)
            EndDesertedRoom();

        Room room = existing ?? RoomFor(entry.Room, entry.Look);
        if (existing is null)
            Own(room, session.Person, entry.Private);
        return Admit(session, room, entry.Quiet, entry);
    }

    private RoomAccepted Admit(Session session, Room room, bool quiet, SessionEntry entry)
    {
        Person who = session.Person.Who;
        UseInvitation(room, session.Person);
        Person[] others = room.CopyPersons();
        Enter(session.Person, room, quiet);
        Active(session, entry);
        Tell(session.Person, new Welcome(room.Name, who, room.Topic, others) { Title = room.Title });
        return AcceptedInto(room, [.. others, who]);
    }

    private RoomAccepted AcceptedInto(Room room, Person[] members) =>
        new(Sequence, room.Name, room.Topic, members) { Title = room.Title };

    private Outcome On(PartedRoom entry, Session session)
    {
        PersonState person = session.Person;
        if (FindRoom(person, entry.Room) is not { Name: var room })
            return new Refused(Refusal.NotInRoom);
        if (person.Home is not null && RoomName.Same(person.Home, room))
            return new Refused(Refusal.HomeRoom);

        // Of several mails for one entry, a mailbox takes the first: the person's own devices get the farewell.
        Tell(person, new Farewell(room, person.Who));
        _postings.Add(new Posting.ToRooms([room], new UserLeft([room], person.Who, "normal", Gone: false), session.Key));
        Leave(person, room);
        Active(session, entry);
        return Done();
    }

    private Outcome On(Said entry, Session session)
    {
        if (session.Person.MutedUntil > entry.At)
            return new Refused(Refusal.Muted, session.Person.MutedUntil - entry.At);
        if (FindRoom(session.Person, entry.Room) is not { Name: var room } found)
            return new Refused(Refusal.NotInRoom);
        if (Silenced(session.Person, found, entry.At) is { } silenced)
            return silenced;

        // The person's other devices get their own copy first, and a mailbox takes one mail of an entry.
        Person who = session.Person.Who;
        Active(session, entry);
        var spoken = new Spoken(room, who, entry.Text, entry.Action, Own: false) { Parent = ParentOf(entry, found.Rules.SealedThrough) };
        Tell(session.Person, spoken with { Own = true });
        _postings.Add(new Posting.ToRooms([room], spoken, session.Key));
        return Done();
    }

    private Outcome On(Whispered entry, Session session)
    {
        if (session.Person.MutedUntil > entry.At)
            return new Refused(Refusal.Muted, session.Person.MutedUntil - entry.At);

        // A person without a home came through a door whose wire has no private messages. Accepting a message for it would lose the
        // message.
        PersonState person = session.Person;
        if (Receiver(entry) is not { Home: not null } other)
            return new Refused(Refusal.NoSuchUser);

        Active(session, entry);
        var whisper = new Whisper(person.Who, other.Who, entry.Text, Own: false) { Parent = ParentOf(entry) };
        Write(person, whisper with { Own = true });
        if (other != person)
            Write(other, whisper);
        return Done();
    }

    /// <summary>
    /// The message that an entry answers. One that was sealed meanwhile is not named: it is of another room with this name.
    /// </summary>
    private static ParentMessage? ParentOf(Entry entry, long sealedThrough = 0) => entry is IReply reply && reply.Parent > sealedThrough
        ? new ParentMessage(reply.Parent) { Nick = reply.ParentNick, AuthorId = reply.ParentAuthorId }
        : null;

    /// <summary>Puts something private into a person's history, and sends it to the devices that are online.</summary>
    private void Write(PersonState person, MailContent content) => _postings.Add(new Posting.ToPerson(
        person.Key, [.. person.Sessions.Where(static session => session.IsOnline).Select(static session => session.Key)], content));

    /// <summary>The receiver; null if the nick now belongs to another user.</summary>
    private PersonState? Receiver(Whispered entry)
    {
        if (entry.ToId is null)
            return FindNick(entry.To);
        PersonState? meant = FindPerson(entry.ToId);
        return entry.To.Length == 0 || string.Equals(meant?.Who.Nick, entry.To, StringComparison.OrdinalIgnoreCase) ? meant : null;
    }

    private Accepted On(Told entry)
    {
        _postings.Add(new Posting.ToSession(entry.Session, new Notice(entry.Text, entry.Html)));
        return Done();
    }

    private Outcome On(TopicSet entry, Session session)
    {
        if (session.Person.MutedUntil > entry.At)
            return new Refused(Refusal.Muted, session.Person.MutedUntil - entry.At);
        if (FindRoom(session.Person, entry.Room) is not { } room)
            return new Refused(Refusal.NotInRoom);
        if (room.Rules is { IsLocked: true } or { IsArchived: true } && !IsModerator(session.Person, room))
            return new Refused(room.Rules.IsArchived ? Refusal.RoomArchived : Refusal.RoomLocked);
        (room.Topic, room.TopicBy) = (entry.Topic, entry.Topic.Length > 0 ? session.Person.Who.UserId : null);
        Active(session, entry);
        _postings.Add(new Posting.ToRooms([room.Name], new TopicChanged(room.Name, session.Person.Who, room.Topic), null));
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
        Unpack(deserted.Packed);
        foreach (Membership member in deserted.InOrder.ToArray())
            Leave(member.Person, deserted.Name);
    }

    private Room RoomFor(string name, string? look = null)
    {
        if (_rooms.TryGetValue(name, out Room? room))
            return room;
        _rooms.Add(name, room = new Room(name) { Look = look });
        room.Rules.SealedThrough = _sealed.Of(name);
        if (look is not null)
            _roomLooks.Add(look, room);
        return room;
    }

    private void Enter(PersonState person, Room room, bool quiet)
    {
        _postings.Add(new Posting.ToRooms([room.Name], new UserEntered(room.Name, person.Who), Except: null));
        foreach (Session session in person.Sessions)
        {
            if (session.IsOnline)
                _postings.Add(new Posting.Enter(session.Key, room.Name, quiet));
        }

        room.Add(new Membership(person, Sequence, quiet));
        _deserted.Update(room);
        person.Rooms.Add(room.Name);
    }

    /// <summary>Removes a member. When the last one leaves, the room and its topic end; only the lobby stays.</summary>
    private void Leave(PersonState person, string name)
    {
        Room room = _rooms[name];
        room.Remove(person.Key);
        _deserted.Update(room);
        person.Rooms.RemoveAll(one => RoomName.Same(one, name));
        person.Marks?.Forget(name);
        person.Preferences?.Forget(name);
        foreach (Session session in person.Sessions)
            _postings.Add(new Posting.Part(session.Key, room.Name));
        if (room.HasMembers || RoomName.Same(name, RoomName.Lobby))
            return;
        _rooms.Remove(name);
        _standings.Remove(room);
        EndLinks(room, static _ => true);
        if (room.Rules.IsPrivate)
            _sealed.Seal(room.Name, Sequence);
        SetTitle(room, title: null, look: null);
        if (room.Look is not null)
            _roomLooks.Remove(room.Look);
        _postings.Add(new Posting.Ended(room.Name));
    }
}

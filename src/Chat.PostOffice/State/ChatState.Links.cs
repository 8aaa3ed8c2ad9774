using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Links that lead into rooms.</summary>
internal sealed partial class ChatState
{
    // Follows from the rooms.
    private readonly Dictionary<string, Room> _links = new(StringComparer.Ordinal);

    /// <summary>Whether a room has a link with this hash, which may be over.</summary>
    internal bool IsLink(string hash) => _links.ContainsKey(hash);

    private Outcome On(RoomLinkMade entry, Session session)
    {
        if (Acting(session.Person, entry.Room, asOwner: false, out Room room) is { } refused)
            return refused;

        // Everybody is there already.
        if (RoomName.Same(room.Name, RoomName.Lobby))
            return new Refused(Refusal.HomeRoom);
        EndLinks(room, link => link.Until <= entry.At);
        if (room.Rules.Links.Count >= entry.Limit)
            return new Refused(Refusal.TooManyLinks);

        // Hashes do not collide in practice, but the fold must stay consistent whatever a node wrote.
        if (entry.Link.Length < RoomLink.IdLength || !_links.TryAdd(entry.Link, room))
            return new Refused(Refusal.Unavailable);
        room.Rules.Links.Add(new RoomLink(entry.Link, session.Person.Who.UserId, entry.Until));
        Active(session, entry);
        Announce(room, session, $"{session.Person.Who.Nick} has made a link that leads into {room.Shown}.");
        return Done();
    }

    private Outcome On(RoomLinkRevoked entry, Session session)
    {
        if (Acting(session.Person, entry.Room, asOwner: false, out Room room) is { } refused)
            return refused;
        if (entry.Link.Length < RoomLink.IdLength
            || !EndLinks(room, link => link.Hash.StartsWith(entry.Link, StringComparison.Ordinal)))
        {
            return new Refused(Refusal.BadLink);
        }

        Active(session, entry);
        Announce(room, session, $"{session.Person.Who.Nick} has revoked a link into {room.Shown}.");
        return Done();
    }

    private Outcome On(RoomLinkUsed entry, Session session)
    {
        PersonState person = session.Person;
        if (!_links.TryGetValue(entry.Link, out Room? room) || room.Rules.Links.Find(link => link.Hash == entry.Link)!.Until <= entry.At)
            return new Refused(Refusal.BadLink);

        // Whoever is there already wants to see the room, too.
        if (person.IsIn(room.Name))
            return AcceptedInto(room, room.CopyPersons());
        return person.Rooms.Count >= entry.SessionRoomLimit
            ? new Refused(Refusal.TooManyRooms)
            : Admit(session, room, quiet: false, entry);
    }

    /// <summary>Ends links of a room. Returns whether there was one.</summary>
    private bool EndLinks(Room room, Predicate<RoomLink> wanted)
    {
        foreach (RoomLink link in room.Rules.Links.FindAll(wanted))
            _links.Remove(link.Hash);
        return room.Rules.Links.RemoveAll(wanted) > 0;
    }

    /// <summary>Ends the links of somebody who is no moderator of a room any longer.</summary>
    private void EndLinksOf(Room room, string userId) => EndLinks(room, link => link.By == userId);

    /// <summary>Ends the links that a person could make only as an administrator.</summary>
    private void EndAdminLinks(PersonState person)
    {
        string userId = person.Who.UserId;
        foreach (Room room in _links.Values.Distinct().ToArray())
        {
            if (room.Rules.RoleOf(userId) == RoomRole.Member)
                EndLinksOf(room, userId);
        }
    }
}

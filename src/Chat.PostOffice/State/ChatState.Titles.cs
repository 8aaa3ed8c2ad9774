using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// The names of rooms: the address, which a room keeps, and the title, which a rename gives it. No name is that of two rooms, whether it is
/// an address or a title.
/// </summary>
internal sealed partial class ChatState
{
    // Follows from the rooms.
    private readonly Dictionary<string, Room> _titles = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The room with an address or a title; null if there is none. Everything that takes a room's name finds the room here. What the caller
    /// may know of the room is for the caller to check.
    /// </summary>
    internal Room? FindRoom(string name) => _rooms.GetValueOrDefault(name) ?? _titles.GetValueOrDefault(name);

    /// <summary>The same; null also if the person is not in the room.</summary>
    internal Room? FindRoom(PersonState person, string name) =>
        FindRoom(name) is { } room && person.IsIn(room.Name) ? room : null;

    private Outcome On(RoomRenamed entry, Session session)
    {
        if (session.Person.MutedUntil > entry.At)
            return new Refused(Refusal.Muted, session.Person.MutedUntil - entry.At);
        if (Acting(session.Person, entry.Room, asOwner: false, out Room room) is { } refused)
            return refused;
        string? title = entry.Title == room.Name ? null : entry.Title;
        if (title == room.Title)
            return Done();

        // Neither refusal says more than that the name is taken, if the other room is one that the moderator may not know of.
        if (FindRoom(entry.Title) is { } other && other != room)
            return new Refused(Refusal.NameNotFree);
        if (entry.Look is not null && _roomLooks.TryGetValue(entry.Look, out Room? alike) && alike != room)
            return new Refused(MaySee(session.Person, alike) ? Refusal.LooksAlike : Refusal.NameNotFree);

        string before = room.Shown;
        SetTitle(room, title, entry.Look);
        Active(session, entry);
        Person who = session.Person.Who;
        if (room.Rules.RoleOf(who.UserId) == RoomRole.Member)
        {
            Record(new Act(Sequence, entry.At, ActKind.RenamedRoom, who.Nick, who.UserId)
            {
                Text = $"{before} → {room.Shown}",
            });
        }

        _postings.Add(new Posting.ToRooms([room.Name], new RoomTitled(room.Name, who, title), null));
        if (!session.Person.IsIn(room.Name))
            Tell(session.Person, new Notice($"{who.Nick} has renamed the room {before} to {room.Shown}.", null));
        return Done();
    }

    /// <summary>Gives a room a title, or takes it away (null). Its former title is free again.</summary>
    private void SetTitle(Room room, string? title, string? look)
    {
        if (room.Title is not null)
            _titles.Remove(room.Title);
        if (room.TitleLook is not null && room.TitleLook != room.Look)
            _roomLooks.Remove(room.TitleLook);
        (room.Title, room.TitleLook) = (title, title is null ? null : look);
        if (title is not null)
            _titles.Add(title, room);
        if (room.TitleLook is not null && room.TitleLook != room.Look)
            _roomLooks.Add(room.TitleLook, room);
    }
}

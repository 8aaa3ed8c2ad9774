using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// Editing, deleting and pinning messages. The fold holds no messages: the entries name them by facts that never change, so only what
/// changes is decided here, such as whether the user is still in the room.
/// </summary>
internal sealed partial class ChatState
{
    private readonly RemovedMessages _removed = new();

    /// <summary>Why an entry that edits or deletes a message would be refused now; null if it would not.</summary>
    /// <param name="person">Who gives the command.</param>
    internal Refused? RefusalOf(MessageEntry entry, PersonState person, DateTimeOffset now) =>
        entry switch
        {
            MessageEdited => EditRefusal(person, RefOf(entry), now),
            MessagePinned => PinRefusal(person, RefOf(entry), out _),
            _ => DeletionRefusal(person, RefOf(entry)),
        };

    /// <summary>Whether a message is pinned to its room.</summary>
    internal bool IsPinned(MessageEntry entry) =>
        entry.Room is { } name && _rooms.TryGetValue(name, out Room? room) && room.Rules.Pins.Contains(entry.Message);

    /// <summary>Whether a person may see the earlier texts of the message that an entry names: those who moderate its room may.</summary>
    internal bool MaySeeEarlier(MessageEntry entry, PersonState person) =>
        entry.Room is not null && IsInSight(person, RefOf(entry), asModerator: true, out _);

    private Refused? EditRefusal(PersonState person, MessageRef message, DateTimeOffset now)
    {
        if (!IsAuthor(person, message) || !IsInSight(person, message, asModerator: false, out Room? room) || _removed.Has(message.Sequence))
            return new Refused(Refusal.NoSuchMessage);
        return SpeakingRefusal(person, room, now);
    }

    /// <summary>Why a person may not say something new now; null if nothing keeps the person from it.</summary>
    /// <param name="room">The room; null in private.</param>
    private static Refused? SpeakingRefusal(PersonState person, Room? room, DateTimeOffset now) =>
        person.MutedUntil > now ? new Refused(Refusal.Muted, person.MutedUntil - now)
        : room is null ? null
        : room.Rules.IsArchived ? new Refused(Refusal.RoomArchived)
        : room.Rules.IsLocked && !IsModerator(person, room) ? new Refused(Refusal.RoomLocked)
        : null;

    /// <summary>Being muted, and a room that is locked or archived, keep nobody from taking back what they said.</summary>
    private Refused? DeletionRefusal(PersonState person, MessageRef message)
    {
        bool may = (IsAuthor(person, message) && IsInSight(person, message, asModerator: false, out _))
            || (message.Room is not null && IsInSight(person, message, asModerator: true, out _));
        return may ? null : new Refused(Refusal.NoSuchMessage);
    }

    private Outcome On(MessageEdited entry, Session session)
    {
        MessageRef message = RefOf(entry);
        if (EditRefusal(session.Person, message, entry.At) is { } refused)
            return refused;
        Active(session, entry);
        Post(session.Person, message, own => new MessageChanged(message, entry.Text, own));
        return Done();
    }

    private Outcome On(MessageDeleted entry, Session session)
    {
        MessageRef message = RefOf(entry);
        if (DeletionRefusal(session.Person, message) is { } refused)
            return refused;
        Active(session, entry);

        // Two may delete it at once.
        if (_removed.Has(message.Sequence))
            return Done();
        _removed.Add(message.Sequence);
        if (message.Room is { } name)
            _rooms[name].Rules.Pins.Remove(message.Sequence);
        bool byModerator = !IsAuthor(session.Person, message);
        Post(session.Person, message, own => new MessageRemoved(message, byModerator, own));
        return Done();
    }

    private Refused? PinRefusal(PersonState person, MessageRef message, out Room? room)
    {
        room = null;
        return message.Room is not null && IsInSight(person, message, asModerator: true, out room) && !_removed.Has(message.Sequence)
            ? null
            : new Refused(Refusal.NoSuchMessage);
    }

    private Outcome On(MessagePinned entry, Session session)
    {
        MessageRef message = RefOf(entry);
        if (PinRefusal(session.Person, message, out Room? room) is { } refused)
            return refused;
        Active(session, entry);
        bool on = entry.Withdrawn != true;
        List<long> pins = room!.Rules.Pins;

        // Two may do it at once.
        if (pins.Contains(message.Sequence) == on)
            return Done();
        long? unpinned = null;
        if (!on)
        {
            pins.Remove(message.Sequence);
        }
        else
        {
            if (pins.Count >= entry.Limit)
            {
                unpinned = pins[0];
                pins.RemoveAt(0);
            }

            pins.Add(message.Sequence);
        }

        var changed = new PinChanged(message, session.Person.Who, on) { Unpinned = unpinned };
        _postings.Add(new Posting.ToRooms([room.Name], changed, null));
        return Done();
    }

    private void Post(PersonState person, MessageRef message, Func<bool, MailContent> contentOf)
    {
        if (message.Room is { } name)
        {
            string room = _rooms[name].Name;
            _postings.Add(new Posting.ToRooms([room], contentOf(false), null));
            return;
        }

        Write(person, contentOf(true));
        if (FindPerson(message.To!.UserId) is { } other && other != person && WasHere(other, message))
            Write(other, contentOf(false));
    }

    private bool IsAuthor(PersonState person, MessageRef message) =>
        person.Who.UserId == message.Who.UserId && WasHere(person, message);

    /// <summary>
    /// Whether a person was in the chat when a message was written. User ids that clients ask for can become another person's. Who came
    /// through a door without a home has no messages to edit, since that door's wire has no words for it.
    /// </summary>
    private bool WasHere(PersonState person, MessageRef message) => BeginOf(person) is > 0 and var begin && begin < message.Sequence;

    /// <summary>Whether a person may know of a message. What was said in a private room that has ended stays out of sight.</summary>
    /// <param name="asModerator">Whether the person must moderate the room.</param>
    /// <param name="room">The room; null for a private message.</param>
    private bool IsInSight(PersonState person, MessageRef message, bool asModerator, out Room? room)
    {
        room = null;
        if (message.Room is not { } name)
            return true;
        if (!_rooms.TryGetValue(name, out room) || message.Sequence <= room.Rules.SealedThrough)
            return false;
        return asModerator
            ? Acting(person, name, asOwner: false, out room) is null && (person.IsAdmin || HasMemberFromBefore(room, message))
            : person.IsIn(name);
    }

    /// <summary>
    /// Whether somebody has been in a room since before a message. If not, the message may be from another room, which had this name and
    /// has ended: whoever made this one has no rights over it. The lobby never ends.
    /// </summary>
    private static bool HasMemberFromBefore(Room room, MessageRef message) => RoomName.Same(room.Name, RoomName.Lobby)
        || (room.InOrder.FirstOrDefault() is { } first && first.Since < message.Sequence)
        || room.Packed.Any(guest => guest.SinceIn(room.Name) < message.Sequence);

    private static MessageRef RefOf(MessageEntry entry) =>
        new(entry.Message, entry.Written, new Person(entry.Nick, entry.Name, entry.AuthorId))
        {
            Room = entry.Room,
            To = entry.Room is null ? new Person(entry.To ?? "", entry.ToName ?? "", entry.ToId ?? "") : null,
            IsAction = entry.Action == true,
        };
}

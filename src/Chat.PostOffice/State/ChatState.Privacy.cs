using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Who may know of a room, and who may act or speak in it.</summary>
internal sealed partial class ChatState
{
    /// <summary>Up to which sequence the messages of a room that does not exist are sealed; 0 if none are.</summary>
    internal long SealedThrough(string room) => _sealed.Of(room);

    /// <summary>The nick of a user; null if there is none with that user id.</summary>
    internal string? NickOf(string userId) => FindPerson(userId)?.Who.Nick;

    /// <summary>The rooms in which a user owns, moderates or is invited, in no particular order.</summary>
    internal IReadOnlyCollection<Room> StandingOf(string userId) => _standings.Of(userId);

    /// <summary>The rooms to which a user is invited, in no particular order.</summary>
    internal IEnumerable<Room> InvitationsOf(string userId) =>
        _standings.Of(userId).Where(room => room.Rules.Invited.Contains(userId));

    /// <summary>Whether a person may know of a room, its topic and its members.</summary>
    internal static bool MaySee(PersonState person, Room room) => !room.Rules.IsPrivate || person.IsIn(room.Name);

    /// <summary>Whether a person may enter a room. Its owner and its moderators may always come back.</summary>
    internal static bool MayEnter(PersonState person, Room room) =>
        !room.Rules.IsPrivate || person.IsIn(room.Name) || room.Rules.Named.Contains(person.Who.UserId);

    /// <summary>Whether a person has the rights of a room's owner. In public rooms, administrators have them too.</summary>
    internal static bool IsOwner(PersonState person, Room room) =>
        room.Rules.OwnerId == person.Who.UserId || (person.IsAdmin && !room.Rules.IsPrivate);

    /// <summary>Whether a person has the rights of a room's moderators.</summary>
    internal static bool IsModerator(PersonState person, Room room) =>
        IsOwner(person, room) || room.Rules.Moderators.Contains(person.Who.UserId);

    /// <summary>
    /// The room in which a person wants to act as a moderator or, if <paramref name="asOwner"/>, as its owner. For a private room of which
    /// it is not a member, the refusal is the same as for a room that does not exist.
    /// </summary>
    private Refused? Acting(PersonState person, string name, bool asOwner, out Room room)
    {
        Room? found = FindRoom(name);
        room = found!;
        if (found is null || !(person.IsIn(room.Name) || (person.IsAdmin && !room.Rules.IsPrivate)))
            return new Refused(Refusal.NotInRoom);
        if (!IsModerator(person, room))
            return new Refused(Refusal.NotModerator);
        return asOwner && !IsOwner(person, room) ? new Refused(Refusal.NotOwner) : null;
    }

    /// <summary>Why a member may not speak in its room now. If it may, a slow room remembers that it spoke.</summary>
    private static Refused? Silenced(PersonState person, Room room, DateTimeOffset now)
    {
        RoomRules rules = room.Rules;
        if (rules.IsArchived)
            return new Refused(Refusal.RoomArchived);
        if (!rules.IsLocked && rules.Pause == TimeSpan.Zero)
            return null;
        if (IsModerator(person, room))
            return null;
        if (rules.IsLocked)
            return new Refused(Refusal.RoomLocked);
        TimeSpan wait = rules.Speakers.WaitOf(person.Who.UserId, now, rules.Pause);
        if (wait > TimeSpan.Zero)
            return new Refused(Refusal.SlowMode, wait);
        rules.Speakers.Record(person.Who.UserId, now, rules.Pause);
        return null;
    }

    /// <summary>
    /// Tells the others in a person's rooms that it leaves them all, or is back in them all. Nobody is told of a private room without
    /// being in it. A mailbox takes one mail of an entry, so the members of private rooms get theirs first.
    /// </summary>
    /// <param name="self">The person's session that need not be told; null if there is none.</param>
    /// <param name="contentOf">Creates the mail that names these rooms.</param>
    /// <param name="isTold">Whether a room is told; null for all.</param>
    private void TellOthers(
        PersonState person,
        SessionKey? self,
        Func<IReadOnlyList<string>, MailContent> contentOf,
        Func<string, bool>? isTold = null)
    {
        string[] rooms = [.. person.Rooms.Where(room => isTold?.Invoke(room) != false)];
        string[] open = [.. rooms.Where(room => !_rooms[room].Rules.IsPrivate)];
        if (open.Length < rooms.Length)
        {
            foreach ((string[] secret, List<SessionKey> readers) in PrivateCompany(person, rooms))
            {
                IReadOnlyList<string> shared = [.. rooms.Where(room => open.Contains(room) || secret.Contains(room))];
                _postings.Add(new Posting.ToSessions(readers, contentOf(shared)));
            }
        }

        if (open.Length > 0)
            _postings.Add(new Posting.ToRooms(open, contentOf(open), self));
    }

    /// <summary>
    /// Those who share private rooms with a person and hear of its coming and going there, grouped by the rooms that they share. In an
    /// order that depends on the log alone.
    /// </summary>
    private List<(string[] Rooms, List<SessionKey> Readers)> PrivateCompany(PersonState person, string[] told)
    {
        var shared = new Dictionary<SessionKey, List<string>>();
        var order = new List<SessionKey>();
        foreach (string name in told)
        {
            Room room = _rooms[name];
            if (!room.Rules.IsPrivate)
                continue;
            foreach (Membership member in room.InOrder)
            {
                if (member.Person == person || member.Quiet)
                    continue;
                foreach (Session reader in member.Person.Sessions.Where(static one => one.IsOnline))
                {
                    if (!shared.TryGetValue(reader.Key, out List<string>? rooms))
                    {
                        shared.Add(reader.Key, rooms = []);
                        order.Add(reader.Key);
                    }

                    rooms.Add(room.Name);
                }
            }
        }

        // Room names have no line ends, so this key is unambiguous.
        return
        [
            .. order
                .GroupBy(reader => string.Join('\n', shared[reader]), StringComparer.Ordinal)
                .Select(group => (shared[group.First()].ToArray(), group.ToList())),
        ];
    }
}

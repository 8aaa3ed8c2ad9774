using System.Globalization;
using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>What owners and moderators do in their rooms.</summary>
internal sealed partial class ChatState
{
    private Outcome On(RoomChanged entry, Session session)
    {
        bool asOwner = entry.Private is not null || entry.Archived is not null;
        if (Acting(session.Person, entry.Room, asOwner, out Room room) is { } refused)
            return refused;

        // An administrator from outside would not be a member, and nobody could invite.
        if (entry.Private == true && !session.Person.IsIn(room.Name))
            return new Refused(Refusal.NotInRoom);
        if (entry.Private == true && IsHome(room))
            return new Refused(Refusal.HomeRoom);

        RoomRules rules = room.Rules;
        var changes = new List<string>();
        if (entry.Private is { } isPrivate && isPrivate != rules.IsPrivate)
            changes.Add(SetPrivate(room, session, isPrivate));
        if (entry.Locked is { } isLocked && isLocked != rules.IsLocked)
        {
            rules.IsLocked = isLocked;
            changes.Add(isLocked ? $"locked {room.Shown}: only moderators may speak" : $"unlocked {room.Shown}: everyone may speak");
        }

        if (entry.Archived is { } isArchived && isArchived != rules.IsArchived)
        {
            rules.IsArchived = isArchived;
            changes.Add(isArchived ? $"archived {room.Shown}: nobody may speak" : $"reopened {room.Shown}");
        }

        if (entry.Slow is { } seconds && TimeSpan.FromSeconds(seconds) is var pause && pause != rules.Pause)
        {
            rules.Pause = pause;
            if (pause == TimeSpan.Zero)
                rules.Speakers.Clear();
            changes.Add(seconds == 0
                ? $"ended the slow mode of {room.Shown}"
                : string.Create(CultureInfo.InvariantCulture, $"made {room.Shown} slow: one message in {seconds} seconds"));
        }

        Active(session, entry);
        if (changes.Count > 0)
            Announce(room, session, $"{session.Person.Who.Nick} has {string.Join("; ", changes)}.");
        return Done();
    }

    private Outcome On(RoomInvited entry, Session session)
    {
        if (Acting(session.Person, entry.Room, asOwner: false, out Room room) is { } refused)
            return refused;
        if (FindNick(entry.Nick) is not { } target)
            return new Refused(Refusal.NoSuchUser);
        if (entry.Withdrawn == true)
            return Withdraw(room, target) ? Done() : new Refused(Refusal.NoSuchUser);
        if (target.IsIn(room.Name))
            return new Refused(Refusal.AlreadyInRoom);

        string userId = target.Who.UserId;
        RoomRules rules = room.Rules;
        if (rules.IsPrivate && !rules.Invited.Contains(userId))
        {
            if (rules.Invited.Count >= entry.Limit)
                return new Refused(Refusal.TooManyInvitations);
            rules.Invited.Add(userId);
            _standings.Update(room, userId);
        }

        Active(session, entry);
        string kind = rules.IsPrivate ? "private room" : "room";
        string by = session.Person.Who.Nick;
        Tell(target, new Notice($"{by} invites you to the {kind} {room.Shown}. Type /join {room.Name} to enter it.", null));
        return Done();
    }

    private Outcome On(RoomRoleChanged entry, Session session)
    {
        if (Acting(session.Person, entry.Room, asOwner: true, out Room room) is { } refused)
            return refused;
        if (FindNick(entry.Nick) is not { } target || !(target.IsIn(room.Name) || room.Rules.Moderators.Contains(target.Who.UserId)))
            return new Refused(Refusal.NoSuchUser);

        RoomRules rules = room.Rules;
        string userId = target.Who.UserId;
        bool isOwner = rules.OwnerId == userId;
        if (isOwner && entry.Role != RoomRole.Owner)
            return new Refused(target == session.Person ? Refusal.NotYourself : Refusal.NotOwner);
        bool isModerator = rules.Moderators.Contains(userId);
        if (entry.Role == RoomRole.Moderator && !isModerator && rules.Moderators.Count >= entry.Limit)
            return new Refused(Refusal.TooManyModerators);
        Active(session, entry);
        if (isOwner || (entry.Role != RoomRole.Owner && isModerator == (entry.Role == RoomRole.Moderator)))
            return Done();

        if (entry.Role == RoomRole.Moderator)
            rules.Moderators.Add(userId);
        else
            rules.Moderators.Remove(userId);
        if (entry.Role == RoomRole.Member)
            EndLinksOf(room, userId);
        if (entry.Role == RoomRole.Owner)
        {
            string? former = rules.OwnerId;
            rules.OwnerId = userId;
            if (former is not null && rules.Moderators.Count < entry.Limit)
                rules.Moderators.Add(former);
            else if (former is not null)
                EndLinksOf(room, former);
            _standings.Update(room, former);
        }

        _standings.Update(room, userId);
        string role = entry.Role switch
        {
            RoomRole.Owner => $"the owner of {room.Shown}",
            RoomRole.Moderator => $"a moderator of {room.Shown}",
            _ => $"an ordinary member of {room.Shown}",
        };
        Announce(room, session, $"{session.Person.Who.Nick} has made {target.Who.Nick} {role}.", target);
        return Done();
    }

    private Outcome On(RoomKicked entry, Session session)
    {
        if (Acting(session.Person, entry.Room, asOwner: false, out Room room) is { } refused)
            return refused;
        if (FindNick(entry.Nick) is not { } target || !target.IsIn(room.Name))
            return new Refused(Refusal.NoSuchUser);
        if (target == session.Person)
            return new Refused(Refusal.NotYourself);
        if (target.Home is not null && RoomName.Same(target.Home, room.Name))
            return new Refused(Refusal.HomeRoom);
        if (room.Rules.OwnerId == target.Who.UserId || (IsModerator(target, room) && !IsOwner(session.Person, room)))
            return new Refused(Refusal.NotOwner);

        target = Live(target);
        room.Rules.Moderators.Remove(target.Who.UserId);
        room.Rules.Invited.Remove(target.Who.UserId);
        EndLinksOf(room, target.Who.UserId);
        _standings.Update(room, target.Who.UserId);
        string reason = Shorten(entry.Reason.Length == 0 ? "kicked" : $"kicked: {entry.Reason}");

        // Of several mails for one entry, a mailbox takes the first: the devices of who is removed get the farewell.
        Tell(target, new Farewell(room.Name, target.Who) { By = session.Person.Who, Reason = entry.Reason });
        if (target.IsOnline)
            _postings.Add(new Posting.ToRooms([room.Name], new UserLeft([room.Name], target.Who, reason, Gone: false), null));
        Leave(target, room.Name);
        Active(session, entry);
        return Done();
    }

    /// <summary>The first member of a new room owns it, unless the entry is from an older version.</summary>
    private void Own(Room room, PersonState person, bool? isPrivate)
    {
        if (isPrivate is null)
            return;
        room.Rules.OwnerId = person.Who.UserId;
        room.Rules.IsPrivate = isPrivate.Value;
        _standings.Update(room, person.Who.UserId);
    }

    private void UseInvitation(Room room, PersonState person)
    {
        if (room.Rules.Invited.Remove(person.Who.UserId))
            _standings.Update(room, person.Who.UserId);
    }

    private bool Withdraw(Room room, PersonState target)
    {
        if (!room.Rules.Invited.Remove(target.Who.UserId))
            return false;
        _standings.Update(room, target.Who.UserId);
        return true;
    }

    /// <summary>Makes a room private or public. Returns what to say about it.</summary>
    private string SetPrivate(Room room, Session session, bool isPrivate)
    {
        RoomRules rules = room.Rules;
        rules.IsPrivate = isPrivate;

        // Those who got a link into a public room were not meant to see a private one, nor the other way round.
        EndLinks(room, static _ => true);
        if (isPrivate)
        {
            // Of a room without an owner, an administrator has made it private.
            rules.OwnerId ??= session.Person.Who.UserId;
            _standings.Update(room, rules.OwnerId);
            return $"made {room.Shown} private: only members can see it";
        }

        // What was said in private stays so.
        rules.SealedThrough = Sequence;
        _sealed.Seal(room.Name, Sequence);
        string[] invited = [.. rules.Invited];
        rules.Invited.Clear();
        foreach (string userId in invited)
            _standings.Update(room, userId);
        return $"made {room.Shown} public: everyone can see it, but not what was said before";
    }

    /// <summary>
    /// A user is gone for good, so nobody can have the same rights by asking for the same user id. A room passes from its owner to its
    /// first moderator, and a private one without moderators to its oldest member, since nobody else could invite.
    /// </summary>
    private void EndStanding(string userId)
    {
        foreach (Room room in _standings.Of(userId).ToArray())
        {
            RoomRules rules = room.Rules;
            rules.Moderators.Remove(userId);
            rules.Invited.Remove(userId);
            EndLinksOf(room, userId);
            if (rules.OwnerId == userId)
            {
                Unpack(room.Packed);
                rules.OwnerId = rules.Moderators.Count > 0 ? rules.Moderators[0]
                    : rules.IsPrivate ? room.InOrder.First().Person.Who.UserId
                    : null;
                if (rules.Moderators.Count > 0)
                    rules.Moderators.RemoveAt(0);
                _standings.Update(room, rules.OwnerId);
            }

            _standings.Update(room, userId);
        }
    }

    /// <summary>Tells the members of a room what was done, and those of the two whom it concerns who are not in the room.</summary>
    private void Announce(Room room, Session session, string text, PersonState? target = null)
    {
        _postings.Add(new Posting.ToRooms([room.Name], new RoomNotice(room.Name, text), null));
        foreach (PersonState one in new[] { session.Person, target }.OfType<PersonState>().Distinct())
        {
            if (!one.IsIn(room.Name))
                Tell(one, new Notice(text, null));
        }
    }

    /// <summary>Whether somebody could not leave the room without logging out. Such a room cannot be private.</summary>
    private static bool IsHome(Room room) => RoomName.Same(room.Name, RoomName.Lobby)
        || room.Members.Values.Any(member => member.Person.Home is { } home && RoomName.Same(home, room.Name));
}

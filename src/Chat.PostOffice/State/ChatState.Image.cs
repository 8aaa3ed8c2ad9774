using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Conversion to and from plain data.</summary>
internal sealed partial class ChatState
{
    /// <summary>A copy of everything, in an order that depends on the log alone.</summary>
    internal ChatStateImage Capture()
    {
        (Session Session, Membership[] Memberships)[] packed = [.. _packed.All.Select(static guest => guest.Unpack())];
        return Capture(
            packed.Select(static guest => guest.Session),
            packed
                .SelectMany(static guest => guest.Session.Person.Rooms.Zip(guest.Memberships))
                .ToLookup(static one => one.First, static one => one.Second));
    }

    /// <param name="packed">The sessions of the packed guests.</param>
    /// <param name="packedMembers">Their memberships, by room.</param>
    private ChatStateImage Capture(IEnumerable<Session> packed, ILookup<string, Membership> packedMembers) => new(
        Sequence,
        [
            .. _sessions.Values.Concat(packed)
                .OrderBy(session => session.Person.Who.Nick, StringComparer.OrdinalIgnoreCase)
                .ThenBy(session => session.Began)
                .Select(ImageOf),
        ],
        [.. _rooms.Values.OrderBy(room => room.Name, StringComparer.OrdinalIgnoreCase).Select(room => new RoomImage(
            room.Name,
            room.Topic,
            [
                .. room.InOrder.Concat(packedMembers[room.Name])
                    .OrderBy(static member => member.Since)
                    .Select(member => new MemberImage(member.Person.Key.ToString(), member.Since, member.Quiet)),
            ])
            {
                Look = room.Look,
                Title = room.Title,
                TitleLook = room.TitleLook,
                TopicBy = room.TopicBy,
                Rules = room.Rules.Capture(),
            })],
        [.. _bans.Addresses.Values],
        [
            .. _origins
                .OrderBy(origin => origin.Key, StringComparer.Ordinal)
                .Select(origin => new OriginImage(origin.Key, origin.Value.Counter, origin.Value.Sequence)),
        ])
    {
        Mutes = [.. _mutes.All],
        Persons = MemberCount == 0
            ? null
            : [
                .. _userIds.Values
                    .Where(person => person.IsMember)
                    .OrderBy(person => person.Who.Nick, StringComparer.OrdinalIgnoreCase)
                    .Select(ImageOf),
            ],
        PersonBans = _bans.Persons.Count > 0 ? [.. _bans.Persons] : null,
        Acts = [.. _acts.All],
        Removals = _removals.All.Count > 0 ? [.. _removals.All] : null,
        Sealed = _sealed.All.ToArray() is { Length: > 0 } names ? names : null,
        SealedFloor = _sealed.Floor,
        Erased = _erased.All.Count > 0 ? [.. _erased.All] : null,
        Erasures = _erasures.All.Count > 0 ? [.. _erasures.All] : null,
        ErasuresFloor = _erasures.Floor,
        Removed = _removed.All.Count > 0 ? [.. _removed.All] : null,
    };

    /// <summary>Restores the state from an image.</summary>
    internal static ChatState Restore(ChatStateImage image)
    {
        var state = new ChatState { Sequence = image.Sequence };
        var persons = new Dictionary<SessionKey, PersonState>();
        foreach (PersonImage one in image.Persons ?? [])
        {
            PersonState person = PersonOf(SessionKey.Parse(one.Key), one);
            person.MemberSince = one.MemberSince;
            person.IsAppointed = one.IsAppointed;
            foreach (ReadMarkImage mark in one.Read ?? [])
                person.Mark(mark.Room, mark.With, mark.UpTo);
            persons.Add(person.Key, person);
            state.Add(person);
            state._memberKeys.Add(person.Key);
        }

        foreach (SessionImage one in image.Sessions)
        {
            var key = SessionKey.Parse(one.Key);
            if (one.Person is null || !persons.TryGetValue(SessionKey.Parse(one.Person), out PersonState? person))
            {
                person = PersonOf(key, one);
                persons.Add(key, person);
                state.Add(person);
            }

            var session = new Session(key, person, one.Host, one.Since)
            {
                Began = one.Began,
                IsKept = one.IsKept,
                OnlineSince = one.OnlineSince,
                OfflineSince = one.OfflineSince,
                OfflineUntil = one.OfflineUntil,
                AwayAudience = one.AwayAudience,
                Serving = one.ServedBy is null ? null : new ServingNode(state.SharedName(one.ServedBy), one.ServedSince),
            };
            foreach (KeyedImage keyed in one.Keyed)
                session.Remember(keyed.Key, keyed.At, keyed.Outcome);
            person.Add(session);
            state._sessions.Add(session.Key, session);
            if (session.IsOnline)
                state._hosts.Change(one.Host, 1);
            else
                state._offline.Add(session);
        }

        // A person's own list is in the order in which it entered the rooms, whatever the order of the rooms in the image.
        var memberships = new List<(Room Room, Membership Member)>();
        foreach (RoomImage one in image.Rooms)
        {
            Room room = state.RoomFor(one.Name, one.Look);
            (room.Topic, room.TopicBy) = (one.Topic, one.TopicBy);
            state.SetTitle(room, one.Title, one.TitleLook);
            if (one.Rules is not null)
                room.Rules.Restore(one.Rules);
            state._standings.Add(room);
            foreach (RoomLink link in room.Rules.Links)
                state._links.Add(link.Hash, room);
            foreach (MemberImage member in one.Members)
                memberships.Add((room, new Membership(persons[SessionKey.Parse(member.Session)], member.Since, member.Quiet)));
        }

        foreach ((Room room, Membership member) in memberships.OrderBy(one => one.Member.Since))
        {
            room.Add(member);
            member.Person.Rooms.Add(room.Name);
        }

        foreach (Room room in state._rooms.Values)
            state._deserted.Update(room);
        state._packable.AddRange(state._sessions.Values.Where(static session => !session.IsOnline));
        state.Pack();

        foreach (string userId in image.Erased ?? [])
            state._erased.Add(userId);
        state._erasures.Floor = image.ErasuresFloor;
        foreach (long sequence in image.Erasures ?? [])
            state._erasures.Add(sequence);
        state._sealed.Floor = image.SealedFloor;
        foreach (long message in image.Removed ?? [])
            state._removed.Add(message);
        foreach (SealedImage name in image.Sealed ?? [])
            state._sealed.Restore(name);
        foreach (Ban ban in image.Bans)
            state._bans.RestoreAddress(ban);
        foreach (Ban ban in image.PersonBans ?? [])
            state._bans.RestorePerson(ban);
        foreach (Mute mute in image.Mutes ?? [])
            state._mutes.Restore(mute);
        foreach (Act act in image.Acts ?? [])
            state._acts.Add(act);
        foreach (Removal removal in image.Removals ?? [])
            state._removals.Restore(removal);
        foreach (OriginImage origin in image.Origins)
            state._origins.Add(origin.Origin, (origin.Counter, origin.Sequence));
        return state;
    }

    private static PersonState PersonOf(SessionKey key, IPersonFields one)
    {
        var person = new PersonState(key, one.Who, one.Home)
        {
            IsAdmin = one.IsAdmin,
            MutedUntil = one.MutedUntil,
            LastActive = one.LastActive,
            LastActiveAt = one.LastActiveAt,
            NickLook = one.NickLook,
            NameLook = one.NameLook,
            OfflineSince = one.OfflineSince,
        };
        if (one.Preferences is not { } image)
            return person;
        Preferences preferences = person.Prefer();
        preferences.IsQuiet = image.IsQuiet;
        foreach (IgnoredImage ignored in image.Ignored)
            preferences.Ignore(new IgnoredPerson(ignored.UserId, ignored.Nick, ignored.From));
        foreach (RoomPreferenceImage room in image.Rooms)
            preferences.Change(room.Room, room.IsMuted, Enum.Parse<ShownJoins>(room.Joins));
        return person;
    }

    private static PreferencesImage? ImageOf(Preferences? preferences) => preferences is null or { IsDefault: true }
        ? null
        : new PreferencesImage(
            preferences.IsQuiet,
            [.. preferences.Ignored.Select(one => new IgnoredImage(one.UserId, one.Nick, one.From))],
            [.. preferences.Rooms.Select(one => new RoomPreferenceImage(one.Room, one.IsMuted, one.Joins.ToString()))]);

    private static PersonImage ImageOf(PersonState person) => new(
        person.Key.ToString(),
        person.Who,
        person.Home,
        person.MemberSince!.Value,
        person.IsAdmin,
        person.MutedUntil,
        person.LastActive,
        person.LastActiveAt,
        person.NickLook,
        person.NameLook,
        person.OfflineSince)
    {
        IsAppointed = person.IsAppointed,
        Read = person.Marks is null ? null : [.. person.Marks.All.Select(mark => new ReadMarkImage(mark.Room, mark.With, mark.UpTo))],
        Preferences = ImageOf(person.Preferences),
    };

    private static SessionImage ImageOf(Session session) => new(
        session.Key.ToString(),
        session.Person.Who,
        session.Host,
        session.Person.Home,
        session.Since,
        session.Person.IsAdmin,
        session.Person.MutedUntil,
        session.Person.LastActive,
        session.Person.LastActiveAt,
        [.. session.Keyed?.All.Select(keyed => new KeyedImage(keyed.Key, keyed.At, keyed.Outcome)) ?? []])
    {
        NickLook = session.Person.NickLook,
        NameLook = session.Person.NameLook,
        Person = session.Person.IsMember ? session.Person.Key.ToString() : null,
        Began = session.Began,
        ServedBy = session.ServedBy,
        ServedSince = session.ServedSince,
        IsKept = session.IsKept,
        OnlineSince = session.OnlineSince,
        OfflineSince = session.OfflineSince,
        OfflineUntil = session.OfflineUntil,
        AwayAudience = session.AwayAudience,
        Preferences = session.Person.IsMember ? null : ImageOf(session.Person.Preferences),
    };
}

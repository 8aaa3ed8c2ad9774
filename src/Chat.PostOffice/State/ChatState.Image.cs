using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>Conversion to and from plain data.</summary>
internal sealed partial class ChatState
{
    /// <summary>A copy of everything, in an order that depends on the log alone.</summary>
    internal ChatStateImage Capture() => new(
        Sequence,
        [.. _sessions.Values.OrderBy(session => session.Who.Nick, StringComparer.OrdinalIgnoreCase).Select(ImageOf)],
        [.. _rooms.Values.OrderBy(room => room.Name, StringComparer.OrdinalIgnoreCase).Select(room => new RoomImage(
            room.Name,
            room.Topic,
            [.. room.InOrder.Select(member => new MemberImage(member.Session.Key.ToString(), member.Since, member.Quiet))])
            {
                Look = room.Look,
            })],
        [.. _bans.Values],
        [
            .. _origins
                .OrderBy(origin => origin.Key, StringComparer.Ordinal)
                .Select(origin => new OriginImage(origin.Key, origin.Value.Counter, origin.Value.Sequence)),
        ])
    {
        Mutes = [.. _mutes.All],
    };

    /// <summary>Restores the state from an image.</summary>
    internal static ChatState Restore(ChatStateImage image)
    {
        var state = new ChatState { Sequence = image.Sequence };
        foreach (SessionImage one in image.Sessions)
        {
            var session = new Session(SessionKey.Parse(one.Key), one.Who, one.Host, one.Home, one.Since)
            {
                IsAdmin = one.IsAdmin,
                MutedUntil = one.MutedUntil,
                LastActive = one.LastActive,
                LastActiveAt = one.LastActiveAt,
                NickLook = one.NickLook,
                NameLook = one.NameLook,
                IsKept = one.IsKept,
                OnlineSince = one.OnlineSince,
                OfflineSince = one.OfflineSince,
                OfflineUntil = one.OfflineUntil,
                Serving = one.ServedBy is null ? null : new ServingNode(state.SharedName(one.ServedBy), one.ServedSince),
            };
            state.Looks.Add(session);
            foreach (KeyedImage keyed in one.Keyed)
                session.Keyed.Add(keyed.Key, keyed.At, keyed.Outcome);
            state._sessions.Add(session.Key, session);
            state._nicks.Add(one.Who.Nick, session);
            state._userIds.Add(one.Who.UserId, session);
            if (session.IsOnline)
                state._hosts.Change(one.Host, 1);
            else
                state._offline.Add(session);
        }

        // A session's own list is in the order in which it entered the rooms, whatever the order of the rooms in the image.
        var memberships = new List<(Room Room, Membership Member)>();
        foreach (RoomImage one in image.Rooms)
        {
            Room room = state.RoomFor(one.Name, one.Look);
            room.Topic = one.Topic;
            foreach (MemberImage member in one.Members)
                memberships.Add((room, new Membership(state._sessions[SessionKey.Parse(member.Session)], member.Since, member.Quiet)));
        }

        foreach ((Room room, Membership member) in memberships.OrderBy(one => one.Member.Since))
        {
            room.Add(member);
            member.Session.Rooms.Add(room.Name);
        }

        foreach (Room room in state._rooms.Values)
            state._deserted.Update(room);

        foreach (Ban ban in image.Bans)
            state._bans.Add(ban.Host, ban);
        foreach (Mute mute in image.Mutes ?? [])
            state._mutes.Restore(mute);
        foreach (OriginImage origin in image.Origins)
            state._origins.Add(origin.Origin, (origin.Counter, origin.Sequence));
        return state;
    }

    private static SessionImage ImageOf(Session session) => new(
        session.Key.ToString(),
        session.Who,
        session.Host,
        session.Home,
        session.Since,
        session.IsAdmin,
        session.MutedUntil,
        session.LastActive,
        session.LastActiveAt,
        [.. session.Keyed.All.Select(keyed => new KeyedImage(keyed.Key, keyed.At, keyed.Outcome))])
    {
        NickLook = session.NickLook,
        NameLook = session.NameLook,
        ServedBy = session.ServedBy,
        ServedSince = session.ServedSince,
        IsKept = session.IsKept,
        OnlineSince = session.OnlineSince,
        OfflineSince = session.OfflineSince,
        OfflineUntil = session.OfflineUntil,
    };
}

using ErlChat.Client;

namespace ErlChat.Terminal.Chatting;

/// <summary>Which users are in which rooms, from the lists and the later events. For completing nicks. Thread-safe.</summary>
internal sealed class Roster
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<string>> _rooms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All users in any of this client's rooms.</summary>
    internal string[] Nicks
    {
        get
        {
            lock (_gate)
                return [.. _rooms.Values.SelectMany(nicks => nicks).Distinct(StringComparer.OrdinalIgnoreCase)];
        }
    }

    internal void Set(string room, IEnumerable<string> nicks)
    {
        lock (_gate)
            _rooms[room] = new HashSet<string>(nicks, StringComparer.OrdinalIgnoreCase);
    }

    internal void Clear()
    {
        lock (_gate)
            _rooms.Clear();
    }

    internal void Apply(ChatEvent happened)
    {
        switch (happened)
        {
            case UserJoined joined:
                foreach (string room in joined.Rooms)
                    Change(room, nicks => nicks.Add(joined.Nick));
                break;
            case UserLeft left:
                foreach (string room in left.Rooms)
                    Change(room, nicks => nicks.Remove(left.Nick));
                break;
            case RoomEntered entered:
                Set(entered.Room, entered.Users);
                break;
            case RoomParted parted:
                lock (_gate)
                    _rooms.Remove(parted.Room);
                break;
            case Resynced anew:
                Clear();
                foreach (RoomSnapshot room in anew.Rooms)
                    Set(room.Room, room.Users);
                break;
        }
    }

    private void Change(string room, Func<HashSet<string>, bool> change)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(room, out HashSet<string>? nicks))
                _rooms.Add(room, nicks = new HashSet<string>(StringComparer.OrdinalIgnoreCase));
            change(nicks);
        }
    }
}

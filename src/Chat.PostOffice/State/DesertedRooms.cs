using ErlChat.Names;

namespace ErlChat.State;

/// <summary>The rooms that have members, none of whom is online. Not thread-safe: part of the fold.</summary>
internal sealed class DesertedRooms
{
    // By name too, so that two rooms that the same user left last have an order that does not depend on how this state came about.
    private readonly SortedSet<(long Since, string Name)> _rooms = new(Comparer<(long Since, string Name)>.Create(
        static (one, other) => one.Since != other.Since ? one.Since.CompareTo(other.Since) : string.CompareOrdinal(one.Name, other.Name)));

    /// <summary>The room that has been deserted for longest; null if there is none.</summary>
    internal string? Oldest => _rooms.Count == 0 ? null : _rooms.Min.Name;

    /// <summary>Records a room after its members, or their presence, have changed.</summary>
    internal void Update(Room room)
    {
        if (room.DesertedSince > 0)
            _rooms.Remove((room.DesertedSince, room.Name));
        room.DesertedSince = room is { Online: 0, HasMembers: true } && CanEnd(room)
            ? room.Members.Values
                .Select(static member => member.Person.OfflineSince)
                .Append(room.Packed.Count > 0 ? room.Packed[^1].OfflineSince : 0)
                .Max()
            : 0;
        if (room.DesertedSince > 0)
            _rooms.Add((room.DesertedSince, room.Name));
    }

    /// <summary>Whether a room ends with its last member. The lobby stays, and nobody can leave a room that is their home.</summary>
    private static bool CanEnd(Room room) => !RoomName.Same(room.Name, RoomName.Lobby)
        && !room.Members.Values.Any(member => member.Person.Home is { } home && RoomName.Same(home, room.Name));
}

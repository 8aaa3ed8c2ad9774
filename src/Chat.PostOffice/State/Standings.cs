namespace ErlChat.State;

/// <summary>
/// The rooms in which a user owns, moderates or is invited, by user id, so that the end of a user need not look at all rooms. Follows from
/// the rooms. Not thread-safe: part of the fold.
/// </summary>
internal sealed class Standings
{
    private static readonly HashSet<Room> s_none = [];

    private readonly Dictionary<string, HashSet<Room>> _rooms = new(StringComparer.Ordinal);

    /// <summary>In no particular order.</summary>
    internal IReadOnlyCollection<Room> Of(string userId) => _rooms.GetValueOrDefault(userId, s_none);

    /// <summary>Records a user after the rules of a room have changed.</summary>
    internal void Update(Room room, string? userId)
    {
        if (userId is null)
            return;
        if (room.Rules.Named.Contains(userId))
        {
            if (!_rooms.TryGetValue(userId, out HashSet<Room>? rooms))
                _rooms.Add(userId, rooms = []);
            rooms.Add(room);
        }
        else
        {
            Remove(room, userId);
        }
    }

    internal void Add(Room room)
    {
        foreach (string userId in room.Rules.Named)
            Update(room, userId);
    }

    /// <summary>A room ends.</summary>
    internal void Remove(Room room)
    {
        foreach (string userId in room.Rules.Named)
            Remove(room, userId);
    }

    private void Remove(Room room, string userId)
    {
        if (_rooms.TryGetValue(userId, out HashSet<Room>? rooms) && rooms.Remove(room) && rooms.Count == 0)
            _rooms.Remove(userId);
    }
}

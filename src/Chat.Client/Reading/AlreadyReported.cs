namespace ErlChat.Client;

/// <summary>
/// The events that a <see cref="Resynced"/> already contained, so that they are not reported again when their mail comes. Not thread-safe.
/// </summary>
internal sealed class AlreadyReported(Resynced told)
{
    private readonly HashSet<long> _ids = [.. told.Missed.Select(missed => missed.Id)];
    private readonly Dictionary<string, long> _lists =
        told.Rooms.ToDictionary(room => room.Room, room => room.AsOf, StringComparer.OrdinalIgnoreCase);

    /// <summary>The part of an event that has not been reported; null if there is none.</summary>
    internal RoomEvent? UnreportedPart(RoomEvent happened) => happened switch
    {
        UserJoined joined => UnreportedPartOf(joined),
        UserLeft left => UnreportedPartOf(left),
        _ => _ids.Contains(happened.Id) ? null : happened,
    };

    private UserJoined? UnreportedPartOf(UserJoined joined)
    {
        string[] rooms = UnlistedOf(joined.Rooms, joined.Id);
        return rooms.Length == 0 ? null
            : rooms.Length == joined.Rooms.Count ? joined
            : joined with { Room = rooms[0], Rooms = rooms };
    }

    private UserLeft? UnreportedPartOf(UserLeft left)
    {
        string[] rooms = UnlistedOf(left.Rooms, left.Id);
        return rooms.Length == 0 ? null : rooms.Length == left.Rooms.Count ? left : left with { Rooms = rooms };
    }

    private string[] UnlistedOf(IReadOnlyList<string> rooms, long id) => [.. rooms.Where(room => !IsListed(room, id))];

    private bool IsListed(string room, long id) => _lists.TryGetValue(room, out long asOf) && id <= asOf;
}

namespace ErlChat.Sessions;

/// <summary>How far a member has read a conversation.</summary>
/// <param name="Room">The room; null for private messages.</param>
/// <param name="With">The user id of the other person; null for a room.</param>
/// <param name="UpTo">The sequence of the newest message read.</param>
public sealed record ReadMark(string? Room, string? With, long UpTo);

/// <summary>How far a member has read each conversation, on whatever device. Not thread-safe: part of the fold.</summary>
internal sealed class ReadMarks
{
    /// <summary>How many private conversations have a mark. One more replaces the lowest.</summary>
    internal const int MaxPeople = 200;

    // Created with the first mark, because most people have one device.
    private SortedDictionary<string, long>? _rooms;
    private SortedDictionary<string, long>? _people;

    /// <summary>All marks: those of rooms by name, then those of people by user id.</summary>
    internal IReadOnlyList<ReadMark> All =>
    [
        .. (_rooms ?? []).Select(static mark => new ReadMark(mark.Key, null, mark.Value)),
        .. (_people ?? []).Select(static mark => new ReadMark(null, mark.Key, mark.Value)),
    ];

    /// <summary>Moves a mark forward; returns whether it was behind.</summary>
    internal bool Raise(string? room, string? with, long upTo)
    {
        SortedDictionary<string, long> marks = room is not null
            ? _rooms ??= new SortedDictionary<string, long>(StringComparer.OrdinalIgnoreCase)
            : _people ??= new SortedDictionary<string, long>(StringComparer.Ordinal);
        string key = room ?? with!;
        if (marks.TryGetValue(key, out long before) && before >= upTo)
            return false;
        marks[key] = upTo;
        if (room is null && marks.Count > MaxPeople)
            marks.Remove(marks.MinBy(static mark => mark.Value).Key);
        return true;
    }

    /// <summary>Forgets a room that was left.</summary>
    internal void Forget(string room) => _rooms?.Remove(room);
}

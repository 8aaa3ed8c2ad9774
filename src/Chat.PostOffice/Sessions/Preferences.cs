using ErlChat.Names;

namespace ErlChat.Sessions;

/// <summary>Somebody whom a person ignores.</summary>
/// <param name="UserId">Who it is, even if the nick is another user's by now.</param>
/// <param name="Nick">The nick, which is that user's as long as the user exists.</param>
/// <param name="From">The sequence from which the nick is that user's; 0 if that is not known.</param>
public sealed record IgnoredPerson(string UserId, string Nick, long From);

/// <summary>How the joins and leaves of a room are shown.</summary>
public enum ShownJoins
{
    /// <summary>Consecutive ones in one line.</summary>
    Folded,

    /// <summary>Each in its own line.</summary>
    All,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>How a person wants to be told of a room.</summary>
/// <param name="Room">The room.</param>
/// <param name="IsMuted">Whether only mentions count.</param>
/// <param name="Joins">How joins and leaves are shown.</param>
public sealed record RoomPreference(string Room, bool IsMuted, ShownJoins Joins);

/// <summary>
/// What a person wants to see and hear, on whatever device. The fold only keeps it: clients carry it out. Not thread-safe: part of the
/// fold.
/// </summary>
internal sealed class Preferences
{
    private readonly List<IgnoredPerson> _ignored = [];

    // Only rooms that the person is in, and only those that differ from the default.
    private readonly SortedDictionary<string, RoomPreference> _rooms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the person does not want to be disturbed: no sounds, no notifications.</summary>
    internal bool IsQuiet { get; set; }

    /// <summary>In the order in which they were added.</summary>
    internal IReadOnlyList<IgnoredPerson> Ignored => _ignored;

    /// <summary>The rooms that differ from the default, by name.</summary>
    internal IReadOnlyCollection<RoomPreference> Rooms => _rooms.Values;

    internal bool IsDefault => !IsQuiet && _ignored.Count == 0 && _rooms.Count == 0;

    internal bool Ignores(string userId) => _ignored.Exists(one => one.UserId == userId);

    internal void Ignore(IgnoredPerson person) => _ignored.Add(person);

    /// <summary>Makes place for one more by forgetting the first who is gone for good. Returns whether there is one.</summary>
    internal bool DropFirst(Predicate<IgnoredPerson> isGone)
    {
        int first = _ignored.FindIndex(isGone);
        if (first >= 0)
            _ignored.RemoveAt(first);
        return first >= 0;
    }

    /// <summary>Ends the ignoring of a user or, without a user id, of all who had a nick. Returns whether there was anybody.</summary>
    internal bool StopIgnoring(string nick, string? userId) => _ignored.RemoveAll(one => userId is null
        ? Nick.Same(one.Nick, nick)
        : one.UserId == userId) > 0;

    /// <summary>Changes what is not null. Returns whether anything is different now.</summary>
    internal bool Change(string room, bool? isMuted, ShownJoins? joins)
    {
        RoomPreference before = _rooms.GetValueOrDefault(room) ?? new RoomPreference(room, false, ShownJoins.Folded);
        RoomPreference now = before with { IsMuted = isMuted ?? before.IsMuted, Joins = joins ?? before.Joins };
        if (now is { IsMuted: false, Joins: ShownJoins.Folded })
            _rooms.Remove(room);
        else
            _rooms[room] = now;
        return now != before;
    }

    /// <summary>Forgets a room that was left.</summary>
    internal void Forget(string room) => _rooms.Remove(room);
}

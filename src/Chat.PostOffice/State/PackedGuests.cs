using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>
/// The guests who are packed while they are offline, by all that they are looked for. Everybody else who is known is an object of its own.
/// Not thread-safe: part of the fold.
/// </summary>
internal sealed class PackedGuests
{
    private readonly PackedIndex<SessionKey> _keys = new(static guest => guest.Key, EqualityComparer<SessionKey>.Default);
    private readonly PackedIndex<string> _nicks = new(static guest => guest.Nick, StringComparer.OrdinalIgnoreCase);
    private readonly PackedIndex<string> _userIds = new(static guest => guest.UserId, StringComparer.Ordinal);
    private readonly PackedIndex<string> _looks = new(static guest => guest.NickLook, StringComparer.Ordinal);

    internal int Count => _keys.Count;

    /// <summary>In no particular order.</summary>
    internal IEnumerable<PackedGuest> All => _keys.All;

    internal PackedGuest? Find(SessionKey key) => _keys.Find(key);

    /// <summary>The guest with a nick, ignoring case.</summary>
    internal PackedGuest? FindNick(string nick) => _nicks.Find(nick);

    internal PackedGuest? FindPerson(string userId) => _userIds.Find(userId);

    /// <summary>The guest whose nick has a skeleton.</summary>
    internal PackedGuest? FindLook(string look) => _looks.Find(look);

    internal void Add(PackedGuest guest)
    {
        _keys.Add(guest);
        _nicks.Add(guest);
        _userIds.Add(guest);
        _looks.Add(guest);
    }

    internal void Remove(PackedGuest guest)
    {
        _keys.Remove(guest);
        _nicks.Remove(guest);
        _userIds.Remove(guest);
        _looks.Remove(guest);
    }
}

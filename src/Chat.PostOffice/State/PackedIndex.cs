using System.Diagnostics;

namespace ErlChat.State;

/// <summary>
/// Finds packed guests by one of their properties: a hash table that reads the keys from the guests, so it takes 11 to 14 bytes per guest.
/// Not thread-safe: part of the fold.
/// </summary>
/// <param name="keyOf">The key of a guest; null if it has none and is not in this index.</param>
internal sealed class PackedIndex<TKey>(Func<PackedGuest, TKey?> keyOf, IEqualityComparer<TKey> comparer)
    where TKey : notnull
{
    private const int Least = 8;

    // Collisions take the next free place. At most three quarters of the places are taken.
    private PackedGuest?[] _places = new PackedGuest?[Least];

    internal int Count { get; private set; }

    /// <summary>In no particular order.</summary>
    internal IEnumerable<PackedGuest> All => _places.OfType<PackedGuest>();

    internal PackedGuest? Find(TKey key)
    {
        for (int i = HomeOf(key); _places[i] is { } guest; i = Next(i))
        {
            if (comparer.Equals(keyOf(guest), key))
                return guest;
        }

        return null;
    }

    internal void Add(PackedGuest guest)
    {
        if (keyOf(guest) is not { } key)
            return;
        if ((Count + 1) * 4 > _places.Length * 3)
            Resize(_places.Length + _places.Length / 4);
        Put(guest, key);
        Count++;
    }

    /// <summary>Removes a guest, who must be here unless it has no key.</summary>
    internal void Remove(PackedGuest guest)
    {
        if (keyOf(guest) is not { } key)
            return;
        int hole = HomeOf(key);
        while (_places[hole] != guest)
            hole = _places[hole] is null ? throw new UnreachableException("The guest is not in the index.") : Next(hole);

        // Whoever stands behind the hole, but belongs before it or into it, moves there, or would not be found any more.
        for (int i = Next(hole); _places[i] is { } next; i = Next(i))
        {
            int home = HomeOf(keyOf(next)!);
            bool isBetween = hole < i ? hole < home && home <= i : hole < home || home <= i;
            if (isBetween)
                continue;
            _places[hole] = next;
            hole = i;
        }

        _places[hole] = null;
        Count--;
        if (_places.Length > Least && Count < _places.Length / 4)
            Resize(Math.Max(Least, _places.Length / 2));
    }

    private void Resize(int length)
    {
        PackedGuest?[] old = _places;
        _places = new PackedGuest?[length];
        foreach (PackedGuest? guest in old)
        {
            if (guest is not null)
                Put(guest, keyOf(guest)!);
        }
    }

    private void Put(PackedGuest guest, TKey key)
    {
        int place = HomeOf(key);
        while (_places[place] is not null)
            place = Next(place);
        _places[place] = guest;
    }

    /// <summary>Where the search for a key begins. The factor spreads hash codes that are close to each other.</summary>
    private int HomeOf(TKey key) => (int)(((uint)comparer.GetHashCode(key) * 0x9E3779B1U * (ulong)_places.Length) >> 32);

    private int Next(int place) => place + 1 == _places.Length ? 0 : place + 1;
}

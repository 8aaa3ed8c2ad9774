using System.Collections;
using System.Diagnostics;

namespace ErlChat.State;

/// <summary>
/// Items in an order, in one array: 8 bytes per item and some room to grow. Adding at the end and removing from either end take constant
/// time on average. Elsewhere, finding the place is logarithmic, and the references on the nearer side move by one, which takes some
/// microseconds for 10 000 items and a tenth of a millisecond or two for a million; those behind move for a new item as long as there is no
/// place free before the first. Not thread-safe.
/// </summary>
/// <param name="order">The order of two items. The key that it looks at must not change while an item is here.</param>
internal sealed class Ordered<T>(Comparison<T> order) : IEnumerable<T>
    where T : class
{
    private const int Least = 8;

    private T?[] _items = [];
    private int _first;

    internal int Count { get; private set; }

    /// <summary>The first item; null if there is none.</summary>
    internal T? First => Count == 0 ? null : _items[_first];

    /// <summary>The item at a place, 0 or more and less than <see cref="Count"/>.</summary>
    internal T this[int place] => _items[_first + place]!;

    /// <summary>How many items stand before one that need not be here.</summary>
    internal int CountBefore(T item) => PlaceOf(item, behind: false) - _first;

    /// <summary>Adds an item, behind those that are equal to it in this order.</summary>
    internal void Add(T item)
    {
        int before = Count == 0 || order(this[Count - 1], item) <= 0 ? Count : PlaceOf(item, behind: true) - _first;
        if (_first > 0 && before < Count / 2)
        {
            Array.Copy(_items, _first, _items, _first - 1, before);
            _first--;
        }
        else
        {
            if (_first + Count == _items.Length)
                Move(Count + Math.Max(Least, Count / 4));
            Array.Copy(_items, _first + before, _items, _first + before + 1, Count - before);
        }

        _items[_first + before] = item;
        Count++;
    }

    /// <summary>Removes an item; returns whether it was here.</summary>
    internal bool Remove(T item)
    {
        int place = Find(item);
        if (place < 0)
            return false;
        int before = place - _first;
        if (before < Count / 2)
        {
            Array.Copy(_items, _first, _items, _first + 1, before);
            _items[_first++] = null;
        }
        else
        {
            Array.Copy(_items, place + 1, _items, place, Count - before - 1);
            _items[_first + Count - 1] = null;
        }

        Count--;
        if (_items.Length > Least && Count < _items.Length / 4)
            Move(Math.Max(Least, Count * 2));
        return true;
    }

    /// <summary>Puts another item in the place of one that is here and is equal to it in this order.</summary>
    internal void Replace(T item, T other)
    {
        int place = Find(item);
        _items[place < 0 ? throw new UnreachableException("The item is not here.") : place] = other;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Find(T item)
    {
        for (int i = PlaceOf(item, behind: false); i < _first + Count && order(_items[i]!, item) == 0; i++)
        {
            if (ReferenceEquals(_items[i], item))
                return i;
        }

        return -1;
    }

    /// <summary>The place before or behind all items that are equal to one in this order.</summary>
    private int PlaceOf(T item, bool behind)
    {
        int low = _first;
        int high = _first + Count;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            int compared = order(_items[middle]!, item);
            if (compared < 0 || (behind && compared == 0))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Moves all items to the beginning of an array of this length.</summary>
    private void Move(int length)
    {
        var items = new T?[length];
        Array.Copy(_items, _first, items, 0, Count);
        (_items, _first) = (items, 0);
    }
}

using System.Text.Json;
using ErlChat.Names;

namespace ErlChat.Web.Answers;

/// <summary>Cuts lists into pages, so that no answer gets too long.</summary>
internal static class BoundedList
{
    /// <summary>The maximum number of bytes around a list in an answer.</summary>
    private const int Envelope = 512;

    /// <summary>
    /// As much of a list as fits into an answer (at least one item), and whether there is more. A list that fits is returned whole and in
    /// its own order. A longer one is paged by key, because its own order may change between two pages and items would be missed.
    /// </summary>
    /// <param name="after">The page begins after this key; null or empty for the first page.</param>
    /// <param name="key">An item's key, which must be unique.</param>
    /// <param name="lengthOf">An upper bound of an item's length in bytes, including the comma after it.</param>
    internal static (IReadOnlyCollection<T> Items, bool More) Page<T>(
        IReadOnlyCollection<T> items,
        string? after,
        Func<T, string> key,
        StringComparer order,
        Func<T, int> lengthOf,
        int maxBytes,
        int limit = int.MaxValue)
    {
        bool fromBeginning = string.IsNullOrEmpty(after);
        if (fromBeginning && items.Count <= limit && items.Sum(item => (long)lengthOf(item)) + Envelope <= maxBytes)
            return (items, false);
        var page = new List<T>();
        int length = Envelope;
        foreach (T item in items.OrderBy(key, order))
        {
            if (!fromBeginning && order.Compare(key(item), after) <= 0)
                continue;
            length += lengthOf(item);
            if (page.Count == limit || (page.Count > 0 && length > maxBytes))
                return (page, true);
            page.Add(item);
        }

        return (page, false);
    }

    /// <summary>How many of the first items fit into an answer; at least one if there is any.</summary>
    internal static int CountThatFits<T>(IReadOnlyList<T> items, Func<T, int> lengthOf, int maxBytes)
    {
        int fits = 0;
        for (int length = Envelope; fits < items.Count; fits++)
        {
            length += lengthOf(items[fits]);
            if (fits > 0 && length > maxBytes)
                break;
        }

        return fits;
    }

    /// <summary>A page of a list of users, by nick.</summary>
    internal static (IReadOnlyCollection<Person> Items, bool More) Page(IReadOnlyList<Person> people, string? after, int maxBytes) =>
        Page(people, after, static who => who.Nick, StringComparer.OrdinalIgnoreCase, static who => LengthOf(who.Nick), maxBytes);

    /// <summary>Writes the member that says that the list continues.</summary>
    internal static void WriteMore(this Utf8JsonWriter json, bool more)
    {
        if (more)
            json.WriteBoolean("more"u8, true);
    }

    /// <summary>An upper bound of a text's length as a JSON string in bytes, including the comma after it.</summary>
    internal static int LengthOf(string text)
    {
        int length = 3;
        foreach (char one in text)
            length += one is >= ' ' and <= '~' and not ('"' or '\\' or '<' or '>' or '&' or '\'' or '+') ? 1 : 6;
        return length;
    }
}

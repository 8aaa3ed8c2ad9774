using System.Text.Json;
using ErlChat.Names;

namespace ErlChat.Web.Answers;

/// <summary>Lists that end before their answer is too long.</summary>
internal static class BoundedList
{
    /// <summary>What stands around a list in an answer, at the most.</summary>
    private const int Envelope = 512;

    /// <summary>
    /// As much of a list as an answer has room for, at least one item, and whether there is more. A list that fits comes whole and in its own order; one that does not is paged by key:
    /// its own order may change between two pages, and something would be missed.
    /// </summary>
    /// <param name="after">The key after which the page begins; null or empty for the beginning.</param>
    /// <param name="key">What no two items have in common.</param>
    /// <param name="lengthOf">At least as many bytes as an item takes, the comma behind it included.</param>
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

    /// <summary>Nicks of people.</summary>
    internal static (IReadOnlyCollection<Person> Items, bool More) Page(IReadOnlyList<Person> people, string? after, int maxBytes) =>
        Page(people, after, static who => who.Nick, StringComparer.OrdinalIgnoreCase, static who => LengthOf(who.Nick), maxBytes);

    /// <summary>Says in an answer that there is more of its list.</summary>
    internal static void WriteMore(this Utf8JsonWriter json, bool more)
    {
        if (more)
            json.WriteBoolean("more"u8, true);
    }

    /// <summary>The most bytes that a text takes as a JSON string, with the comma behind it.</summary>
    internal static int LengthOf(string text)
    {
        int length = 3;
        foreach (char one in text)
            length += one is >= ' ' and <= '~' and not ('"' or '\\' or '<' or '>' or '&' or '\'' or '+') ? 1 : 6;
        return length;
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ErlChat.History;

/// <summary>
/// A search in the history: words and "phrases", all of which must occur in a message, also as parts of words, ignoring case and accents.
/// There is no other syntax: characters that are neither letters nor digits only separate words.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class SearchQuery
{
    /// <summary>Longest query, in UTF-16 units.</summary>
    public const int MaxLength = 200;

    /// <summary>Most words of a query.</summary>
    public const int MaxWords = 20;

    private SearchQuery(IReadOnlyList<string> phrases) => Phrases = phrases;

    /// <summary>What must occur, at least one, in the form of <see cref="SearchText"/>.</summary>
    public IReadOnlyList<string> Phrases { get; }

    /// <summary>Reads a query. Refuses one that is too long, has an open quote, or no words.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SearchQuery? query)
    {
        query = null;
        if (text is null || text.Length > MaxLength)
            return false;
        string[] parts = text.Split('"');
        if (parts.Length % 2 == 0)
            return false;
        var phrases = new List<string>();
        for (int i = 0; i < parts.Length; i++)
        {
            // Every second part was inside quotes; outside, blanks separate, and what hangs together without them (don't) is a phrase too.
            foreach (string phrase in i % 2 == 1 ? [parts[i]] : parts[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (SearchText.Of(phrase) is { Length: > 0 } words)
                    phrases.Add(words);
            }
        }

        if (phrases.Count == 0 || phrases.Sum(static phrase => phrase.AsSpan().Count(' ') + 1) > MaxWords)
            return false;
        query = new SearchQuery(phrases);
        return true;
    }

    /// <summary>Whether a text has all of it.</summary>
    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        char[] rented = ArrayPool<char>.Shared.Rent(text.Length);
        ReadOnlySpan<char> folded = SearchText.Fold(text, rented);
        bool matches = true;
        foreach (string phrase in Phrases)
            matches = matches && folded.Contains(phrase, StringComparison.Ordinal);
        ArrayPool<char>.Shared.Return(rented);
        return matches;
    }
}

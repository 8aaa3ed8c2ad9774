using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ErlChat.History;

/// <summary>
/// What somebody looks for in what was said: plain words and "phrases", all of which must occur, ignoring case. There is no other syntax: whatever is neither letter
/// nor digit only separates words.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class SearchQuery
{
    /// <summary>Longest query, in UTF-16 units.</summary>
    public const int MaxLength = 200;

    /// <summary>Most words of a query.</summary>
    public const int MaxWords = 20;

    private SearchQuery(IReadOnlyList<IReadOnlyList<string>> phrases) => Phrases = phrases;

    /// <summary>Runs of words that must stand together, in lower case: at least one, each of at least one word of letters and digits only.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Phrases { get; }

    /// <summary>Reads a query. Refuses one that is too long, has an open quote, or no words.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SearchQuery? query)
    {
        query = null;
        if (text is null || text.Length > MaxLength)
            return false;
        string[] parts = text.Split('"');
        if (parts.Length % 2 == 0)
            return false;
        var phrases = new List<IReadOnlyList<string>>();
        for (int i = 0; i < parts.Length; i++)
        {
            // Every second part was inside quotes; outside, blanks separate, and what hangs together without them (don't) is a phrase too.
            foreach (string phrase in i % 2 == 1 ? [parts[i]] : parts[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (WordsOf(phrase) is { Count: > 0 } words)
                    phrases.Add(words);
            }
        }

        if (phrases.Count == 0 || phrases.Sum(phrase => phrase.Count) > MaxWords)
            return false;
        query = new SearchQuery(phrases);
        return true;
    }

    /// <summary>Whether a text has all of it.</summary>
    public bool Matches(string text)
    {
        List<string> words = WordsOf(text);
        return Phrases.All(phrase => Contains(words, phrase));
    }

    private static bool Contains(List<string> words, IReadOnlyList<string> phrase)
    {
        for (int start = 0; start + phrase.Count <= words.Count; start++)
        {
            int same = 0;
            while (same < phrase.Count && words[start + same] == phrase[same])
                same++;
            if (same == phrase.Count)
                return true;
        }

        return false;
    }

    private static List<string> WordsOf(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune));
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }
}

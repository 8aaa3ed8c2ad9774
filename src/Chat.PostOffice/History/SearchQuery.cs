using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using ErlChat.Mailboxes;
using ErlChat.Names;

namespace ErlChat.History;

/// <summary>
/// A search query: words and "phrases". A message matches if it contains all of them, also as parts of words, ignoring case and accents.
/// There is no other syntax: all characters except letters and digits only separate words. Besides, it can be limited to what one person
/// wrote, and to what was written before a time.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class SearchQuery
{
    /// <summary>The longest query, in UTF-16 units.</summary>
    public const int MaxLength = 200;

    /// <summary>The most words in a query.</summary>
    public const int MaxWords = 20;

    private SearchQuery(IReadOnlyList<string> phrases) => Phrases = phrases;

    /// <summary>The nick that the author had when writing, in any spelling (<see cref="Nick.Same"/>); null for anybody.</summary>
    public string? By { get; private init; }

    /// <summary>The exclusive upper limit of the time at which a message was written; null for none.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>The phrases that must occur, at least one, in the form that <see cref="SearchText"/> produces.</summary>
    public IReadOnlyList<string> Phrases { get; }

    /// <summary>Parses a query. Returns false if it is too long, has an open quote, or contains no words or too many.</summary>
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
            // Every second part was inside quotes. Outside quotes blanks separate phrases, so what is joined without blanks ("don't") is
            // one phrase.
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

    /// <summary>The same query for messages of one author, and from before a time.</summary>
    /// <param name="author">The value of <see cref="By"/>.</param>
    /// <param name="until">The value of <see cref="Until"/>.</param>
    public SearchQuery Limited(string? author, DateTimeOffset? until) => new(Phrases) { By = author, Until = until };

    /// <summary>Whether a message matches. Topics do not.</summary>
    public bool Matches(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return mail.Content.Words is { } words && Allows(mail) && Matches(words);
    }

    /// <summary>Whether a message, whatever its text, is by the author and from before the time.</summary>
    public bool Allows(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return !(mail.At >= Until) && (By is null || Nick.Same(StoredMessage.Of(mail.Content).Who.Nick, By));
    }

    /// <summary>Whether a text contains all of the query.</summary>
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

using System.Text;
using ErlChat.History;

namespace ErlChat.Postgres.History;

/// <summary>
/// Converts texts and queries for PostgreSQL's full-text search, without its parsers and dictionaries. The lexemes of a text are the up to
/// three characters from each position of its <see cref="SearchText"/>, so the index finds parts of words in every script.
/// </summary>
/// <remarks>
/// The index tells which messages may match, and their text which do. A phrase of up to three characters is the beginning of the lexeme at
/// each place where it occurs; the shorter lexemes at the end of a text are for that. A longer phrase consists of lexemes.
/// </remarks>
internal static class SearchTokens
{
    private const int Length = 3;

    /// <summary>A text as a literal of type <c>tsvector</c>.</summary>
    internal static string VectorOf(string text)
    {
        string folded = SearchText.Of(text);
        List<int> starts = Starts(folded);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var vector = new StringBuilder(folded.Length * (Length + 3));
        for (int i = 0; i + 1 < starts.Count; i++)
        {
            string lexeme = folded[starts[i]..starts[Math.Min(i + Length, starts.Count - 1)]];
            if (seen.Add(lexeme))
                vector.Append('\'').Append(lexeme).Append("' ");
        }

        return vector.ToString();
    }

    /// <summary>
    /// A query as a literal of type <c>tsquery</c>. The phrases consist of letters, digits, marks and blanks, so nothing in them is syntax.
    /// </summary>
    internal static string QueryOf(SearchQuery query)
    {
        var parts = new HashSet<string>(StringComparer.Ordinal);
        foreach (string phrase in query.Phrases)
        {
            List<int> starts = Starts(phrase);
            if (starts.Count - 1 < Length)
                parts.Add($"'{phrase}':*");
            for (int i = 0; i + Length < starts.Count; i++)
                parts.Add($"'{phrase[starts[i]..starts[i + Length]]}'");
        }

        return string.Join(" & ", parts);
    }

    /// <summary>Where each character begins, and where the last one ends.</summary>
    private static List<int> Starts(string text)
    {
        var starts = new List<int>(text.Length + 1);
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            starts.Add(at);
            at += rune.Utf16SequenceLength;
        }

        starts.Add(at);
        return starts;
    }
}

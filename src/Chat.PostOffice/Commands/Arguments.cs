using System.Text;

namespace ErlChat.Commands;

/// <summary>What was typed behind a command's word.</summary>
/// <param name="text">The rest of the line, as it is.</param>
internal readonly struct Arguments(string text)
{
    /// <summary>The rest of the line without blanks around it: for commands that take free text.</summary>
    internal string Text { get; } = text.Trim();

    /// <summary>
    /// The words: runs without blanks, or <c>"…"</c> in which blanks count and <c>\"</c> is a quote. Null when a quote is left open.
    /// </summary>
    internal IReadOnlyList<string>? Words()
    {
        var words = new List<string>();
        int i = 0;
        while (true)
        {
            while (i < Text.Length && char.IsWhiteSpace(Text[i]))
                i++;
            if (i == Text.Length)
                return words;
            if (Text[i] == '"')
            {
                if (Quoted(ref i) is not { } quoted)
                    return null;
                words.Add(quoted);
            }
            else
            {
                int start = i;
                while (i < Text.Length && !char.IsWhiteSpace(Text[i]))
                    i++;
                words.Add(Text[start..i]);
            }
        }
    }

    /// <summary>The first word and the rest behind it; both empty when there is none.</summary>
    internal (string First, Arguments Remainder) Split()
    {
        int end = 0;
        while (end < Text.Length && !char.IsWhiteSpace(Text[end]))
            end++;
        return (Text[..end], new Arguments(Text[end..]));
    }

    private string? Quoted(ref int i)
    {
        var word = new StringBuilder();
        for (i++; i < Text.Length; i++)
        {
            if (Text[i] == '\\' && i + 1 < Text.Length && Text[i + 1] == '"')
            {
                word.Append('"');
                i++;
            }
            else if (Text[i] == '"')
            {
                i++;
                return word.ToString();
            }
            else
            {
                word.Append(Text[i]);
            }
        }

        return null;
    }
}

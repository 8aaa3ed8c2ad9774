using System.Globalization;
using System.Text;

namespace ErlChat.Terminal.Output;

/// <summary>Makes other users' text safe for a terminal. Escape sequences could move the cursor, change the title, or worse.</summary>
internal static class SafeText
{
    /// <summary>
    /// The text on one line. Control characters and characters that override the direction become U+FFFD; tabs and line breaks become
    /// blanks.
    /// </summary>
    internal static string Of(string text)
    {
        int i = 0;
        while (i < text.Length && !IsOdd(text[i]))
            i++;
        if (i == text.Length)
            return text;
        var safe = new StringBuilder(text.Length).Append(text, 0, i);
        foreach (char c in text.AsSpan(i))
            safe.Append(!IsOdd(c) ? c : c is '\t' or '\n' or '\r' ? ' ' : '\uFFFD');
        return safe.ToString();
    }

    /// <summary>
    /// The lines of a text, each safe. Lines after the first are indented, so that no one can write a line that looks like another user's.
    /// </summary>
    internal static IEnumerable<string> Lines(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
            yield return i == 0 ? Of(lines[i]) : "    " + Of(lines[i]);
    }

    /// <summary>Whether this is a control character (C0, DEL, C1) or changes the direction of the text around it.</summary>
    private static bool IsOdd(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace ErlChat.Texts;

/// <summary>
/// Recognises the administrators' password in what was typed: every spelling of <c>/auth</c> that a person could mean as the command. Such
/// a text is never said, whispered, made a topic, logged or kept.
/// </summary>
/// <remarks>
/// Errs on the side of silence: <c> /author</c> at the beginning of a message is taken for a password without a blank. Words or a quote
/// before the slash make it a message: <c>see /auth/login</c>, <c>`/auth`</c>.
/// </remarks>
public static class AuthText
{
    /// <summary>What is told instead of saying it.</summary>
    internal const string NotSent =
        "That was not sent: it looks like the administrators' password. To log in, type /auth and the password, with nothing before the slash.";

    private const string Word = "auth";

    /// <summary>The slash, and what is taken for one: backslash, fraction, division, big, fullwidth.</summary>
    private static readonly SearchValues<char> s_slashes = SearchValues.Create("/\\\u2044\u2215\u29F8\uFF0F\uFF3C");

    /// <summary>Line feed, carriage return, vertical tab, form feed, next line, line and paragraph separator.</summary>
    private static readonly SearchValues<char> s_lineEnds = SearchValues.Create("\n\r\v\f\u0085\u2028\u2029");

    /// <summary>Whether a text may hold the password. Linear in the text; texts without a slash cost one vectorised look.</summary>
    public static bool LooksLikeAuth(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> rest = text;
        bool first = true;
        while (rest.ContainsAny(s_slashes))
        {
            int end = rest.IndexOfAny(s_lineEnds);
            ReadOnlySpan<char> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            line = line[LengthOf(line, IsNothing)..];
            if (line.IsEmpty)
                continue;
            if (IsAuth(line, first))
                return true;
            first = false;
        }

        return false;
    }

    /// <summary>
    /// Behind other lines the word must not go on, so that a list of paths (<c>/auth/login</c>, <c>/authors</c>) can be pasted.
    /// </summary>
    private static bool IsAuth(ReadOnlySpan<char> line, bool first)
    {
        if (!s_slashes.Contains(line[0]))
            return false;
        line = line[LengthOf(line, static rune => IsNothing(rune) || (rune.IsBmp && s_slashes.Contains((char)rune.Value)))..];
        foreach (char letter in Word)
        {
            line = line[LengthOf(line, IsInvisible)..];
            if (line.IsEmpty || Fold(line[0]) != letter)
                return false;
            line = line[1..];
        }

        return first || line.IsEmpty || !(char.IsAsciiLetterOrDigit(line[0]) || line[0] is '/' or '.' or '?' or '-' or '_');
    }

    /// <summary>How much of the beginning is of a kind.</summary>
    private static int LengthOf(ReadOnlySpan<char> text, Func<Rune, bool> kind)
    {
        int length = 0;
        while (length < text.Length)
        {
            Rune.DecodeFromUtf16(text[length..], out Rune rune, out int units);
            if (!kind(rune))
                break;
            length += units;
        }

        return length;
    }

    private static bool IsNothing(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value == 0x2800 || IsInvisible(rune);

    /// <summary>Characters without ink, and those that only change the one before them.</summary>
    private static bool IsInvisible(Rune rune) => rune.Value is 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or 0xFFFD
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;

    /// <summary>The small ASCII letter of a large or fullwidth one.</summary>
    private static char Fold(char c)
    {
        if (c is >= '\uFF21' and <= '\uFF5A')
            c = (char)(c - 0xFEE0);
        return char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
    }
}

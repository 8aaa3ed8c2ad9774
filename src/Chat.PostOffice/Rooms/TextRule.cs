using System.Globalization;
using System.Text;
using ErlChat.Outcomes;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>
/// What text users may send, for all doors: limited in characters, in bytes of UTF-8 and in combining marks on one letter, and without
/// control characters except line ends and tabs.
/// </summary>
/// <remarks>Immutable. Takes linear time for any text: the cheap limits are checked first.</remarks>
internal sealed class TextRule(ChatOptions options)
{
    /// <summary>Why a text is refused: <see cref="Refusal.TooLong"/> or <see cref="Refusal.BadText"/>; null if it is allowed.</summary>
    internal Refusal? Check(string text)
    {
        // A UTF-16 unit is at least one byte.
        if (text.Length > options.MaxMessageBytes || Encoding.UTF8.GetByteCount(text) > options.MaxMessageBytes)
            return Refusal.TooLong;
        int marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) && rune.Value is not ('\n' or '\r' or '\t'))
                return Refusal.BadText;

            // An invisible character does not begin a new letter.
            if (Characters.IsMark(rune))
                marks++;
            else if (!Characters.IsIgnorable(rune.Value))
                marks = 0;
            if (marks > options.MaxMarksPerLetter)
                return Refusal.TooLong;
        }

        // A character (text element) is at least one UTF-16 unit, so most texts need no counting.
        return text.Length > options.MaxMessageLength && new StringInfo(text).LengthInTextElements > options.MaxMessageLength
            ? Refusal.TooLong
            : null;
    }

    /// <summary>Whether nothing in a text is visible.</summary>
    internal static bool IsBlank(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Characters.IsVisible(rune))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Whether a text stays on one line and is visible: for topics and reasons, which appear among the server's own words. It must have no
    /// line ends or other control characters, nothing that changes the direction of the surrounding text, and no unknown characters.
    /// Joiners and variation selectors are part of emoji and are allowed.
    /// </summary>
    internal static bool IsLine(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune)
                || Characters.IsBidiControl(rune.Value)
                || Characters.IsUnknown(rune)
                || rune.Value is 0x200B or 0x2060 or 0xFEFF
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }

        return !IsBlank(text);
    }

    /// <summary>Replaces each lone surrogate with U+FFFD, because no wire can carry one.</summary>
    internal static string WellFormed(string text)
    {
        int i = 0;
        while (i < text.Length && !char.IsSurrogate(text[i]))
            i++;
        return i == text.Length ? text : string.Concat(text.EnumerateRunes());
    }
}

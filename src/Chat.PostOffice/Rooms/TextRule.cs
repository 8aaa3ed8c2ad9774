using System.Globalization;
using System.Text;
using ErlChat.Outcomes;
using ErlChat.Settings;
using ErlChat.Texts;

namespace ErlChat.Rooms;

/// <summary>
/// What people may send, for all doors: bounded in characters, in bytes of UTF-8 and in combining marks on one letter, without control
/// characters but line ends and tabs.
/// </summary>
/// <remarks>Immutable. Takes linear time, whatever the text: the cheap bounds come first.</remarks>
internal sealed class TextRule(ChatOptions options)
{
    /// <summary>Why a text is refused: <see cref="Refusal.TooLong"/> or <see cref="Refusal.BadText"/>; null when it is not.</summary>
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

            // What is drawn as nothing does not begin another letter.
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

    /// <summary>Whether a reader would see nothing of a text.</summary>
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
    /// Whether a text stays within its line and can be seen: for topics and reasons, which stand among words of the server. It has no line
    /// ends, no other control characters, nothing that changes the direction of what is around it, and nothing unknown. Joiners and
    /// variation selectors belong to emoji and are allowed.
    /// </summary>
    internal static bool IsLine(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Characters.IsBidiControl(rune.Value) || Characters.IsUnknown(rune) || rune.Value is 0x200B or 0x2060 or 0xFEFF
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }

        return !IsBlank(text);
    }

    /// <summary>The text with each lone surrogate replaced by U+FFFD, since no wire can carry one.</summary>
    internal static string WellFormed(string text)
    {
        int i = 0;
        while (i < text.Length && !char.IsSurrogate(text[i]))
            i++;
        return i == text.Length ? text : string.Concat(text.EnumerateRunes());
    }
}

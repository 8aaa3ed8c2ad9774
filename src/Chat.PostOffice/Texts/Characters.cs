using System.Globalization;
using System.Text;

namespace ErlChat.Texts;

/// <summary>What single characters are, for the rules of texts and of names.</summary>
internal static class Characters
{
    /// <summary>A combining mark, which is drawn on or around the letter before it.</summary>
    internal static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Changes the direction of the text around it.</summary>
    internal static bool IsBidiControl(int value) =>
        value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>
    /// Drawn as nothing: Unicode's property Default_Ignorable_Code_Point, which is stable from version to version. It has joiners,
    /// variation selectors and tags, which are part of many emoji.
    /// </summary>
    internal static bool IsIgnorable(int value) => value >= 0xAD && value is 0xAD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0x3164
        or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0xFFF0 and <= 0xFFF8) or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A)
        or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>
    /// Whether a reader sees anything of it. A braille cell without dots and an empty note head are symbols to Unicode, and blank.
    /// </summary>
    internal static bool IsVisible(Rune rune) => !Rune.IsWhiteSpace(rune) && !IsIgnorable(rune.Value) && rune.Value is not (0x2800 or 0x1D159)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format);

    /// <summary>Nothing that Unicode knows: it may be drawn as anything, and become a letter with a later version.</summary>
    internal static bool IsUnknown(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}

using System.Globalization;
using System.Text;

namespace ErlChat.Terminal.Editing;

/// <summary>How many cells a text takes in a terminal.</summary>
internal static class CellWidth
{
    /// <summary>The cells of one text element: 2 for East Asian wide characters and emoji, 0 for combining characters.</summary>
    internal static int OfElement(ReadOnlySpan<char> element)
    {
        if (Rune.DecodeFromUtf16(element, out Rune rune, out _) != System.Buffers.OperationStatus.Done)
            return 1;
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            return 0;
        return IsWide(rune.Value) || element.Contains('\uFE0F') ? 2 : 1;
    }

    /// <summary>The blocks that all terminals treat as wide. The full table has hundreds of ranges and changes every year.</summary>
    private static bool IsWide(int c) =>
        c is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}

using System.Globalization;

namespace ErlChat.Terminal.Editing;

/// <summary>
/// The part of a line around the cursor that fits into one row. The row scrolls sideways and never wraps, so it can be erased and redrawn
/// however the terminal handles wrapping.
/// </summary>
/// <param name="Text">The text to draw.</param>
/// <param name="CursorCell">The cursor's position in it, in cells.</param>
internal readonly record struct LineView(string Text, int CursorCell)
{
    /// <summary>The view of a text for a width in cells, including the cursor's own cell.</summary>
    internal static LineView Of(string text, int cursor, int width)
    {
        width = Math.Max(width, 4);
        int start = cursor;
        int before = 0;
        foreach (int element in ElementsBefore(text, cursor))
        {
            int cells = CellWidth.OfElement(text.AsSpan(element, start - element));
            if (before + cells > width - 1)
                break;
            (start, before) = (element, before + cells);
        }

        int end = cursor;
        int used = before;
        while (end < text.Length)
        {
            int length = StringInfo.GetNextTextElementLength(text, end);
            int cells = CellWidth.OfElement(text.AsSpan(end, length));
            if (used + cells > width)
                break;
            (end, used) = (end + length, used + cells);
        }

        return new LineView(text[start..end], before);
    }

    private static IEnumerable<int> ElementsBefore(string text, int cursor) =>
        StringInfo.ParseCombiningCharacters(text[..cursor]).Reverse();
}

using System.Globalization;

namespace ErlChat.Terminal.Editing;

/// <summary>
/// The part of a line that fits into a row, around the cursor. One row, which scrolls sideways, never wraps: so the row can be erased and drawn again from anywhere,
/// whatever the terminal thinks of wrapping.
/// </summary>
/// <param name="Text">What to draw.</param>
/// <param name="CursorCell">Where in it the cursor stands, in cells.</param>
internal readonly record struct LineView(string Text, int CursorCell)
{
    /// <summary>The view of a text for a width in cells, the cursor's own cell included.</summary>
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

    private static IEnumerable<int> ElementsBefore(string text, int cursor) => StringInfo.ParseCombiningCharacters(text[..cursor]).Reverse();
}

using System.Text;

namespace ErlChat.Terminal.Editing;

/// <summary>
/// A terminal whose lowest row is the line being typed. Output is written above it: the row is erased, the new lines are written, and the
/// row is redrawn, all in one write.
/// </summary>
/// <remarks>Thread-safe. Plain ANSI: carriage return, erase to the end of the screen, cursor column.</remarks>
/// <param name="output">The terminal.</param>
/// <param name="width">Returns its current width in cells.</param>
/// <param name="prompt">Returns the text before the typed line.</param>
internal sealed class PromptScreen(TextWriter output, Func<int> width, Func<string> prompt)
{
    private readonly Lock _gate = new();
    private string _text = "";
    private int _cursor;
    private bool _closed;

    /// <summary>Shows the line with its current text.</summary>
    internal void Typed(string text, int cursor)
    {
        lock (_gate)
        {
            (_text, _cursor) = (text, cursor);
            Draw([]);
        }
    }

    /// <summary>Writes lines above the one being typed.</summary>
    internal void Write(IReadOnlyList<string> lines)
    {
        lock (_gate)
            Draw(lines);
    }

    /// <summary>Redraws the line after the terminal's size has changed.</summary>
    internal void Redraw() => Write([]);

    /// <summary>Removes the prompt for good. Later output is plain lines.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            output.Write("\r\u001b[J");
            output.Flush();
            _closed = true;
        }
    }

    private void Draw(IReadOnlyList<string> lines)
    {
        var text = new StringBuilder();
        if (!_closed)
            text.Append("\r\u001b[J");
        foreach (string line in lines)
            text.Append(line).Append("\r\n");
        if (!_closed)
            DrawPrompt(text);
        output.Write(text.ToString());
        output.Flush();
    }

    private void DrawPrompt(StringBuilder text)
    {
        string before = prompt();

        // Keep the last column free, because a terminal wraps when it is written to.
        LineView view = LineView.Of(_text, _cursor, width() - 1 - before.Length);
        text.Append(before).Append(view.Text).Append('\r');
        int column = before.Length + view.CursorCell;
        if (column > 0)
            text.Append("\u001b[").Append(column).Append('C');
    }
}

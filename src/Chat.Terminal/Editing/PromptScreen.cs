using System.Text;

namespace ErlChat.Terminal.Editing;

/// <summary>The lowest row is the line being typed; what comes is written above it. The line is erased, the new lines written and the line drawn again in one write.</summary>
/// <remarks>Thread-safe. Plain ANSI: carriage return, erase to the end of the screen, cursor column.</remarks>
/// <param name="output">The terminal.</param>
/// <param name="width">Its width in cells, asked each time.</param>
/// <param name="prompt">What stands before the typed text.</param>
internal sealed class PromptScreen(TextWriter output, Func<int> width, Func<string> prompt)
{
    private readonly Lock _gate = new();
    private string _text = "";
    private int _cursor;
    private bool _closed;

    /// <summary>Shows the line as it is now.</summary>
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

    /// <summary>Draws again, after the size has changed.</summary>
    internal void Redraw() => Write([]);

    /// <summary>Takes the prompt away for good; what is written from now on are plain lines.</summary>
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

        // The last column stays free: a terminal wraps when it is written to.
        LineView view = LineView.Of(_text, _cursor, width() - 1 - before.Length);
        text.Append(before).Append(view.Text).Append('\r');
        int column = before.Length + view.CursorCell;
        if (column > 0)
            text.Append("\u001b[").Append(column).Append('C');
    }
}

using System.Globalization;

namespace ErlChat.Terminal.Editing;

/// <summary>The result of a key.</summary>
internal enum EditResult
{
    /// <summary>The line is still being typed.</summary>
    Editing,

    /// <summary>The line is complete, see <see cref="LineEditor.Submitted"/>.</summary>
    Submitted,

    /// <summary>The user pressed Ctrl+C.</summary>
    Interrupted,

    /// <summary>The user pressed Ctrl+D on an empty line.</summary>
    EndOfInput,
}

/// <summary>The line being typed: text, cursor, recall and completion. Independent of the terminal. Not thread-safe.</summary>
/// <param name="complete">Finds the completions of the word before the cursor; see <see cref="Completion"/>.</param>
internal sealed class LineEditor(Func<string, int, Completion?> complete)
{
    /// <summary>
    /// The longest line, longer than any server accepts. Without it, a stuck key or a pasted file could grow the line without limit.
    /// </summary>
    internal const int MaxLength = 20_000;

    private readonly LineRecall _recall = new();
    private Completion? _completion;
    private SecretDialog? _dialog;

    internal string Text { get; private set; } = "";

    /// <summary>The cursor, as an index into <see cref="Text"/>; always between text elements.</summary>
    internal int Cursor { get; private set; }

    /// <summary>The line as it is displayed, with any password hidden.</summary>
    internal string Shown => _dialog is not null ? _dialog.Question
        : SecretLine.Start(Text) is var start and >= 0 ? Text[..start] + new string('*', Text.Length - start)
        : Text;

    /// <summary>The cursor's index in <see cref="Shown"/>.</summary>
    internal int ShownCursor => _dialog is not null ? _dialog.Question.Length : Cursor;

    /// <summary>The last line that was submitted.</summary>
    internal string Submitted { get; private set; } = "";

    /// <summary>The passwords that belong to it, in the order in which they were asked for. That of /auth is part of the line.</summary>
    internal IReadOnlyList<string> Secrets { get; private set; } = [];

    internal EditResult Apply(ConsoleKeyInfo key)
    {
        if (key.Key != ConsoleKey.Tab)
            _completion = null;
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
            return ApplyControl(key.Key);
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return Submit();
            case ConsoleKey.Escape when _dialog is not null:
                Stop();
                break;
            case ConsoleKey.Tab or ConsoleKey.UpArrow or ConsoleKey.DownArrow when _dialog is not null:
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            case ConsoleKey.Backspace:
                Cut(Before(Cursor), Cursor);
                break;
            case ConsoleKey.Delete:
                Cut(Cursor, After(Cursor));
                break;
            case ConsoleKey.LeftArrow:
                Cursor = Before(Cursor);
                break;
            case ConsoleKey.RightArrow:
                Cursor = After(Cursor);
                break;
            case ConsoleKey.Home:
                Cursor = 0;
                break;
            case ConsoleKey.End:
                Cursor = Text.Length;
                break;
            case ConsoleKey.UpArrow:
                Put(_recall.Older(Text));
                break;
            case ConsoleKey.DownArrow:
                Put(_recall.Newer(Text));
                break;
            default:
                Insert(key.KeyChar);
                break;
        }

        return EditResult.Editing;
    }

    private EditResult ApplyControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.C when _dialog is not null:
                Stop();
                break;
            case ConsoleKey.C:
                return EditResult.Interrupted;
            case ConsoleKey.D when Text.Length == 0:
                return EditResult.EndOfInput;
            case ConsoleKey.D:
                Cut(Cursor, After(Cursor));
                break;
            case ConsoleKey.J:
                return Submit();
            case ConsoleKey.A:
                Cursor = 0;
                break;
            case ConsoleKey.E:
                Cursor = Text.Length;
                break;
            case ConsoleKey.U:
                Cut(0, Cursor);
                break;
            case ConsoleKey.K:
                Cut(Cursor, Text.Length);
                break;
            case ConsoleKey.W:
                Cut(WordBefore(), Cursor);
                break;
            case ConsoleKey.H:
                Cut(Before(Cursor), Cursor);
                break;
        }

        return EditResult.Editing;
    }

    private EditResult Submit()
    {
        if (_dialog is not null)
            return Answer(_dialog);
        if (SecretDialog.Of(Text) is { } dialog)
        {
            _dialog = dialog;
            Put("");
            return EditResult.Editing;
        }

        (Submitted, Secrets) = (Text, []);
        if (SecretLine.Start(Submitted) < 0)
            _recall.Add(Text);
        Put("");
        return EditResult.Submitted;
    }

    private EditResult Answer(SecretDialog dialog)
    {
        // Do not send an empty password.
        if (Text.Length == 0)
        {
            Stop();
            return EditResult.Editing;
        }

        bool isLast = dialog.Answer(Text);
        Put("");
        if (!isLast)
            return EditResult.Editing;
        bool isAuth = dialog.Answers.Count == 1;
        (Submitted, Secrets) = isAuth ? ($"{dialog.Command} {dialog.Answers[0]}", []) : (dialog.Command, dialog.Answers);
        Stop();
        return EditResult.Submitted;
    }

    private void Stop()
    {
        _dialog = null;
        Put("");
    }

    private void Insert(char c)
    {
        if (char.IsControl(c) || Text.Length >= MaxLength)
            return;
        Text = Text.Insert(Cursor++, c.ToString());
    }

    private void Complete()
    {
        _completion = _completion is null ? complete(Text, Cursor) : _completion.Next();
        if (_completion is not null)
            (Text, Cursor) = (_completion.Text, _completion.Cursor);
    }

    private void Put(string text) => (Text, Cursor) = (text, text.Length);

    private void Cut(int from, int to) => (Text, Cursor) = (Text.Remove(from, to - from), from);

    private int After(int index) => index >= Text.Length ? Text.Length : index + StringInfo.GetNextTextElementLength(Text, index);

    /// <summary>Text elements can only be counted from the beginning.</summary>
    private int Before(int index)
    {
        int before = 0;
        for (int next = 0; next < index; next = After(next))
            before = next;
        return before;
    }

    private int WordBefore()
    {
        int start = Text.AsSpan(0, Cursor).TrimEnd().Length;
        return Text.LastIndexOf(' ', Math.Max(0, start - 1)) + 1 is var at && at <= start ? at : 0;
    }
}

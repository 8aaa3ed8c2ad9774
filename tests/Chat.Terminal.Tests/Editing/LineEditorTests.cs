using ErlChat.Terminal.Editing;

namespace ErlChat.Terminal.Tests;

public class LineEditorTests
{
    private readonly LineEditor _editor = new(
        (text, cursor) => Completion.Of(text, cursor, ["/help", "/history", "/join"], ["Mary", "mark", "Bob"]));

    [Fact]
    public void Text_is_inserted_at_the_cursor()
    {
        Type("hllo");
        Press(ConsoleKey.Home, ConsoleKey.RightArrow);
        Type("e");
        Assert.Equal(("hello", 2), (_editor.Text, _editor.Cursor));
        Press(ConsoleKey.End);
        Type("!");
        Assert.Equal("hello!", _editor.Text);
    }

    [Fact]
    public void The_cursor_moves_and_cuts_by_whole_characters()
    {
        Type("a👍🏽e\u0301z");
        Press(ConsoleKey.LeftArrow, ConsoleKey.LeftArrow);
        Assert.Equal(5, _editor.Cursor);
        Press(ConsoleKey.Backspace);
        Assert.Equal(("ae\u0301z", 1), (_editor.Text, _editor.Cursor));
        Press(ConsoleKey.Delete);
        Assert.Equal("az", _editor.Text);
        Press(ConsoleKey.Home, ConsoleKey.Backspace, ConsoleKey.LeftArrow);
        Press(ConsoleKey.End, ConsoleKey.Delete, ConsoleKey.RightArrow);
        Assert.Equal(("az", 2), (_editor.Text, _editor.Cursor));
    }

    [Theory]
    [InlineData(ConsoleKey.U, "", 0)]
    [InlineData(ConsoleKey.W, "one two ", 8)]
    [InlineData(ConsoleKey.K, "one two three", 13)]
    [InlineData(ConsoleKey.H, "one two thre", 12)]
    public void Control_keys_cut(ConsoleKey key, string text, int cursor)
    {
        Type("one two three");
        Control(key);
        Assert.Equal((text, cursor), (_editor.Text, _editor.Cursor));
    }

    [Fact]
    public void A_word_is_cut_together_with_the_blanks_after_it()
    {
        Type("one two   ");
        Control(ConsoleKey.W);
        Assert.Equal("one ", _editor.Text);
        Control(ConsoleKey.W);
        Control(ConsoleKey.W);
        Assert.Equal("", _editor.Text);
        Type("   ");
        Control(ConsoleKey.W);
        Assert.Equal("", _editor.Text);
    }

    [Fact]
    public void Enter_submits_Up_recalls_and_the_draft_is_kept()
    {
        Type("first");
        Assert.Equal(EditResult.Submitted, Press(ConsoleKey.Enter));
        Assert.Equal(("first", ""), (_editor.Submitted, _editor.Text));
        Type("second");
        Press(ConsoleKey.Enter);
        Type("draft");
        Press(ConsoleKey.UpArrow);
        Assert.Equal("second", _editor.Text);
        Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow);
        Assert.Equal(("first", 5), (_editor.Text, _editor.Cursor));
        Press(ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow);
        Assert.Equal("draft", _editor.Text);
    }

    /// <summary>Previously, the password stayed on the screen and came back with Up.</summary>
    [Theory]
    [InlineData("/auth s3cret")]
    [InlineData(" /AUTH s3cret")]
    [InlineData("/\u200Bauth s3cret")]
    [InlineData("//auth s3cret")]
    [InlineData("/auths3cret")]
    [InlineData("\uFF0Fauth s3cret")]
    public void A_password_is_neither_shown_nor_recalled(string line)
    {
        Type("hello");
        Press(ConsoleKey.Enter);
        Type(line);
        Assert.EndsWith("******", _editor.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", _editor.Shown, StringComparison.Ordinal);
        Assert.Equal((_editor.Text.Length, _editor.Cursor), (_editor.Shown.Length, _editor.ShownCursor));
        Press(ConsoleKey.Enter);
        Assert.Equal(line, _editor.Submitted);
        Press(ConsoleKey.UpArrow);
        Assert.Equal("hello", _editor.Text);
    }

    [Fact]
    public void Auth_alone_asks_for_the_password()
    {
        Type("/auth");
        Assert.Equal(EditResult.Editing, Press(ConsoleKey.Enter));
        Type("s3cret");
        Press(ConsoleKey.UpArrow);
        Assert.Equal(("administrators' password: ", 26), (_editor.Shown, _editor.ShownCursor));
        Assert.Equal(EditResult.Submitted, Press(ConsoleKey.Enter));
        Assert.Equal(("/auth s3cret", "", ""), (_editor.Submitted, _editor.Shown, _editor.Text));
        Press(ConsoleKey.UpArrow);
        Assert.Equal("", _editor.Text);

        // The prompt can be left without entering a password.
        foreach (Func<EditResult> way in new[]
        {
            () => Press(ConsoleKey.Escape), () => Control(ConsoleKey.C), () => Press(ConsoleKey.Enter),
        })
        {
            Type("/auth");
            Press(ConsoleKey.Enter);
            Assert.Equal(EditResult.Editing, way());
            Assert.Equal("", _editor.Shown);
        }
    }

    [Theory]
    [InlineData("see /auth")]
    [InlineData("/aut")]
    [InlineData("/help auth")]
    [InlineData("1/auth x")]
    [InlineData("auth x")]
    public void Other_lines_are_shown(string line)
    {
        Type(line);
        Assert.Equal(line, _editor.Shown);
    }

    [Fact]
    public void A_line_typed_twice_is_recalled_once_and_the_oldest_line_is_forgotten()
    {
        for (int i = 0; i < 500; i++)
        {
            Type($"{i / 2}");
            Press(ConsoleKey.Enter);
        }

        for (int i = 0; i < 500; i++)
            Press(ConsoleKey.UpArrow);
        Assert.Equal("50", _editor.Text);
    }

    [Fact]
    public void Tab_cycles_through_the_completions()
    {
        Type("ma");
        Press(ConsoleKey.Tab);
        Assert.Equal(("mark: ", 6), (_editor.Text, _editor.Cursor));
        Press(ConsoleKey.Tab);
        Assert.Equal("Mary: ", _editor.Text);
        Press(ConsoleKey.Tab);
        Assert.Equal("mark: ", _editor.Text);
        Type("hi ");
        Type("b");
        Press(ConsoleKey.Tab);
        Assert.Equal("mark: hi Bob ", _editor.Text);
    }

    [Theory]
    [InlineData("/h", "/help ")]
    [InlineData("/pm bo", "/pm Bob ")]
    [InlineData("xyz", "xyz")]
    [InlineData("", "")]
    [InlineData("hi ", "hi ")]
    public void Tab_completes_commands_at_the_beginning_and_nicks_elsewhere(string typed, string completed)
    {
        Type(typed);
        Press(ConsoleKey.Tab);
        Assert.Equal(completed, _editor.Text);
    }

    [Fact]
    public void Control_characters_are_ignored_and_the_length_is_limited()
    {
        _editor.Apply(new ConsoleKeyInfo('\u001b', ConsoleKey.Escape, false, false, false));
        _editor.Apply(new ConsoleKeyInfo('\0', ConsoleKey.F1, false, false, false));
        Assert.Equal("", _editor.Text);
        Type(new string('x', LineEditor.MaxLength + 10));
        Assert.Equal(LineEditor.MaxLength, _editor.Text.Length);
    }

    [Fact]
    public void Ctrl_C_interrupts_and_Ctrl_D_ends_an_empty_line_only()
    {
        Assert.Equal(EditResult.EndOfInput, Control(ConsoleKey.D));
        Type("x");
        Press(ConsoleKey.Home);
        Assert.Equal(EditResult.Editing, Control(ConsoleKey.D));
        Assert.Equal("", _editor.Text);
        Assert.Equal(EditResult.Interrupted, Control(ConsoleKey.C));
    }

    private void Type(string text)
    {
        foreach (char c in text)
            _editor.Apply(new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));
    }

    private EditResult Press(params ConsoleKey[] keys)
    {
        EditResult result = EditResult.Editing;
        foreach (ConsoleKey key in keys)
            result = _editor.Apply(new ConsoleKeyInfo('\0', key, false, false, false));
        return result;
    }

    private EditResult Control(ConsoleKey key) => _editor.Apply(new ConsoleKeyInfo('\0', key, false, false, true));
}

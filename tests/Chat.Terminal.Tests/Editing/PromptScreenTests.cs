using ErlChat.Terminal.Editing;

namespace ErlChat.Terminal.Tests;

public class PromptScreenTests
{
    [Fact]
    public void Output_is_written_above_and_the_typed_line_is_redrawn_in_one_write()
    {
        var terminal = new StringWriter();
        var screen = new PromptScreen(terminal, () => 40, () => "me> ");
        screen.Typed("half", 2);
        Assert.Equal("\r\u001b[Jme> half\r\u001b[6C", terminal.ToString());
        terminal.GetStringBuilder().Clear();
        screen.Write(["one", "two"]);
        Assert.Equal("\r\u001b[Jone\r\ntwo\r\nme> half\r\u001b[6C", terminal.ToString());
        terminal.GetStringBuilder().Clear();
        screen.Close();
        screen.Close();
        screen.Write(["bye"]);
        Assert.Equal("\r\u001b[Jbye\r\n", terminal.ToString());
    }

    [Theory]
    [InlineData("hello", 5, 10, "hello", 5)]
    [InlineData("0123456789", 10, 6, "56789", 5)]
    [InlineData("0123456789", 0, 6, "012345", 0)]
    [InlineData("0123456789", 7, 6, "234567", 5)]
    [InlineData("日本語テキスト", 7, 7, "キスト", 6)]
    [InlineData("e\u0301e\u0301", 4, 10, "e\u0301e\u0301", 2)]
    [InlineData("", 0, 0, "", 0)]
    public void A_long_line_is_shown_around_its_cursor(string text, int cursor, int width, string shown, int cell) =>
        Assert.Equal(new LineView(shown, cell), LineView.Of(text, cursor, width));

    [Theory]
    [InlineData("a", 1)]
    [InlineData("é", 1)]
    [InlineData("日", 2)]
    [InlineData("👍🏽", 2)]
    [InlineData("❤️", 2)]
    [InlineData("\u200D", 0)]
    [InlineData("\uD800", 1)]
    public void Cells_are_counted_as_terminals_count_them(string element, int cells) => Assert.Equal(cells, CellWidth.OfElement(element));
}

using ErlChat.Commands;

namespace ErlChat.Tests;

public class ArgumentsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  \t ")]
    [InlineData("one", "one")]
    [InlineData("  one \t two ", "one", "two")]
    [InlineData("192.0.2.1 é-_!", "192.0.2.1", "é-_!")]
    [InlineData("\"two words\" \"\"", "two words", "")]
    [InlineData("\"a\"b", "a", "b")]
    [InlineData("a\"b c", "a\"b", "c")]
    [InlineData("\"say \\\"hi\\\"\"", "say \"hi\"")]
    [InlineData("\"back\\slash\" \\", "back\\slash", "\\")]
    public void Words_are_runs_without_blanks_or_quoted(string text, params string[] words) =>
        Assert.Equal(words, new Arguments(text).Words());

    [Theory]
    [InlineData("\"")]
    [InlineData("one \"two")]
    [InlineData("\"one\\\"")]
    [InlineData("\"\\\\\"")]
    public void A_quote_that_is_left_open_is_no_words(string text) => Assert.Null(new Arguments(text).Words());

    [Theory]
    [InlineData("", "", "")]
    [InlineData("  one", "one", "")]
    [InlineData("one  two  three ", "one", "two  three")]
    [InlineData("\"a b\" c", "\"a", "b\" c")]
    public void Splitting_gives_the_first_word_and_the_rest_as_it_is(string text, string first, string rest)
    {
        (string word, Arguments remainder) = new Arguments(text).Split();
        Assert.Equal((first, rest), (word, remainder.Text));
    }
}

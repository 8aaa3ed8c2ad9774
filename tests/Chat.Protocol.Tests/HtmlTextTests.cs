using System.Net;
using ErlChat.Protocol.Comet;

namespace ErlChat.Protocol.Tests;

public class HtmlTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("nothing to do, 'really'", "nothing to do, 'really'")]
    [InlineData("<script>alert(\"1\")</script>", "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;")]
    [InlineData("&lt;", "&amp;lt;")]
    [InlineData("a\nb", "a<br>b")]
    [InlineData("é€😀", "é€😀")]
    public void Characters_with_a_meaning_in_HTML_are_escaped(string text, string html) => Assert.Equal(html, HtmlText.Of(text));

    [Fact]
    public void A_text_without_markup_is_returned_unchanged()
    {
        string text = new('a', 10);
        Assert.Same(text, HtmlText.Of(text));
    }

    [Fact]
    public void A_browser_would_show_the_text_itself() => Property.Holds(
        RandomTexts.Any,
        5_000,
        text =>
        {
            string html = HtmlText.Of(text);
            Assert.DoesNotContain("<", html.Replace("<br>", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal(text, WebUtility.HtmlDecode(html.Replace("<br>", "\n", StringComparison.Ordinal)));
        },
        RandomTexts.Show);
}

using System.Text;
using System.Text.Json;
using ErlChat.Protocol;
using ErlChat.Web.Answers;

namespace ErlChat.Web.Tests.Answers;

public class BoundedListTests
{
    [Fact]
    public void A_list_that_fits_keeps_its_order()
    {
        (IReadOnlyCollection<string> items, bool more) = Page(["c", "a", "b"], null, 10_000);
        Assert.Equal(["c", "a", "b"], items);
        Assert.False(more);
    }

    [Fact]
    public void Pages_by_key_contain_each_item_once()
    {
        string[] all = [.. Enumerable.Range(0, 1000).Select(i => $"item {i}")];
        var seen = new List<string>();
        bool more = true;
        while (more)
        {
            (IReadOnlyCollection<string> items, more) = Page([.. all.Reverse()], seen.LastOrDefault(), 1024);
            Assert.NotEmpty(items);
            seen.AddRange(items);
        }

        Assert.Equal(all.Order(StringComparer.Ordinal), seen);
    }

    [Fact]
    public void An_item_that_is_too_long_comes_alone()
    {
        (IReadOnlyCollection<string> items, bool more) = Page([new string('a', 5000), "b"], null, 1024);
        Assert.Equal(5000, Assert.Single(items).Length);
        Assert.True(more);
    }

    // If an item took more space than estimated, the answer would be too long.
    [Theory]
    [InlineData("plain")]
    [InlineData("\"quoted\\\" <b>&'+")]
    [InlineData("\u0001\u202e\u2028")]
    [InlineData("ünï 日本 😀")]
    public void A_text_never_takes_more_space_than_estimated(string text)
    {
        string json = JsonEncodedText.Encode(text, WireEncoder.Instance).Value;
        Assert.InRange(Encoding.UTF8.GetByteCount(json) + 3, 1, BoundedList.LengthOf(text));
    }

    private static (IReadOnlyCollection<string> Items, bool More) Page(string[] all, string? after, int most) =>
        BoundedList.Page(all, after, static one => one, StringComparer.Ordinal, BoundedList.LengthOf, most);
}

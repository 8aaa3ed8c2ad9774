using ErlChat.History;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>What can be searched for, and that a history in memory finds it too.</summary>
public class SearchQueryTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("!? * -")]
    [InlineData("\"")]
    [InlineData("an \"open quote")]
    [InlineData("\"one\" \"two")]
    public void A_query_without_words_or_with_an_open_quote_is_refused(string? text) => Assert.False(SearchQuery.TryParse(text, out _));

    [Fact]
    public void A_query_has_its_bounds()
    {
        Assert.True(SearchQuery.TryParse(new string('x', SearchQuery.MaxLength), out _));
        Assert.False(SearchQuery.TryParse(new string('x', SearchQuery.MaxLength + 1), out _));
        Assert.True(SearchQuery.TryParse(string.Join(' ', Enumerable.Repeat("x", SearchQuery.MaxWords)), out _));
        Assert.False(SearchQuery.TryParse(string.Join('-', Enumerable.Repeat("x", SearchQuery.MaxWords + 1)), out _));
    }

    [Theory]
    [InlineData("apple", "An APPLE a day", true)]
    [InlineData("day apple", "An apple a day", true)]
    [InlineData("\"day apple\"", "An apple a day", false)]
    [InlineData("\"a DAY\"", "An apple a day", true)]
    [InlineData("app", "An apple a day", true)]
    [InlineData("app", "An a p p", false)]
    [InlineData("don't", "I don't", true)]
    [InlineData("don't", "t don", false)]
    [InlineData("日本 🙂", "はい 日本", true)]
    [InlineData("ÄPFEL", "zwei äpfel", true)]
    [InlineData("apfel", "zwei Äpfel", true)]
    public void Words_and_phrases_are_found_in_others_and_ignore_case(string text, string message, bool found)
    {
        Assert.True(SearchQuery.TryParse(text, out SearchQuery? query));
        Assert.Equal(found, query.Matches(message));
    }

    [Fact]
    public async Task In_memory_a_reader_finds_what_it_may_read()
    {
        await using TestChat chat = await new TestChatBuilder()
            .WithoutLimits().WithHistory(new MemoryHistory(Options.Create(new ChatOptions()))).StartAsync();
        TestSession alice = await chat.LoginAsync("alice"), bob = await chat.LoginAsync("bob"), eve = await chat.LoginAsync("eve");
        await chat.Room.EnterAsync(alice.Key, "den").WithinAsync();
        await alice.SubmitAsync("an apple in the den", room: "den");
        await alice.SubmitAsync("an apple in the lobby");
        await alice.SubmitAsync("an apple for bob", to: "bob");
        Assert.Equal(["an apple in the den", "an apple in the lobby", "an apple for bob"], await FindAsync(chat, alice));
        Assert.Equal(["an apple in the lobby", "an apple for bob"], await FindAsync(chat, bob));
        Assert.Equal(["an apple in the lobby"], await FindAsync(chat, eve));
        Assert.Equal("an apple for bob", Assert.Single(
            (await chat.Room.PrivateHistoryAsync(bob.Key, "ALICE", long.MaxValue, 9, CancellationToken.None))!).Content.Words);
        Assert.Empty((await chat.Room.PrivateHistoryAsync(eve.Key, "alice", long.MaxValue, 9, CancellationToken.None))!);
        await chat.Room.LeaveAsync(bob.Key).WithinAsync();
        Assert.Null(await chat.Room.PrivateHistoryAsync(bob.Key, "alice", long.MaxValue, 9, CancellationToken.None));
    }

    private static async Task<IEnumerable<string?>> FindAsync(TestChat chat, TestSession reader)
    {
        Assert.True(SearchQuery.TryParse("apple", out SearchQuery? query));
        return (await chat.Room.SearchAsync(reader.Key, query, null, long.MaxValue, 10, CancellationToken.None))!
            .Select(mail => mail.Content.Words);
    }
}

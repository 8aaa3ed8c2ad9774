using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The list of what is unread, and of messages that mention the user.</summary>
public sealed class InboxTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1100)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task What_is_unread_and_who_has_mentioned_the_user_is_in_one_list(ColorScheme theme, int width)
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("dev");
        await using Person person = await browser.NewPersonAsync(MessageActions.Window(theme, width));
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("I asked Alice, not @alicex");
        await guest.SayAsync("@alice: what is **this**?");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.SayAsync("/join quiet");
        await Expect(alice.Title).ToHaveTextAsync("#quiet");
        await alice.SayAsync("I am @alice myself");
        await guest.SayAsync("anybody?", "dev");
        await guest.SayAsync("and @alice?", "dev");
        await guest.WhisperAsync("alice", "psst");
        await guest.SayAsync("nothing special");
        await Expect(alice.Conversation("#lobby")).ToContainTextAsync("1");

        if (width > 1000)
            await alice.Page.Keyboard.PressAsync("Alt+m");
        else
        {
            await alice.Page.ClickAsync("#rooms-open");
            await alice.Page.ClickAsync("#inbox-open");
        }

        ILocator unread = alice.Dialog.Locator("section").Nth(0).Locator(".entry");
        ILocator mentions = alice.Dialog.Locator("section").Nth(1).Locator(".entry");
        await Expect(unread).ToHaveTextAsync(
            ["#dev2 unread messages, you are mentioned", "guest1 unread message", "#lobby1 unread message"]);
        await Expect(mentions.Locator(".text")).ToHaveTextAsync(["and @alice?", "@alice: what is **this**?"]);
        await Expect(unread.First).ToBeFocusedAsync();
        await Axe.CheckAsync(alice, $"inbox, {theme}", alice.Dialog);
        Assert.Equal(width, await alice.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await alice.PictureAsync($"inbox-{width}");

        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        await alice.Page.Keyboard.PressAsync("Alt+m");
        await Expect(unread).ToHaveCountAsync(2);
        await Expect(mentions).ToHaveCountAsync(2);
        await mentions.Nth(1).FocusAsync();
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await Expect(alice.Page.Locator(".found .text")).ToHaveTextAsync("@alice: what is this?");
        Assert.Empty(alice.Complaints);
    }

    /// <summary>The nick is in everything that is said, so only a part of the results is looked through at a time.</summary>
    [Fact]
    public async Task A_nick_that_is_a_common_word_is_looked_for_bit_by_bit()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000", "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.SayAsync("@will please come");
        for (int i = 0; i < 100; i++)
            await guest.SayAsync($"that will be {i}");
        await using Person person = await browser.NewPersonAsync();
        ChatPage will = await ChatPage.LogInAsync(person, site, "will");
        await will.Page.ClickAsync("#inbox-open");
        await Expect(will.Dialog).ToContainTextAsync("You have read everything.");
        await Expect(will.Dialog).ToContainTextAsync("Nobody has mentioned you lately.");
        await will.Dialog.GetByText("Older results").ClickAsync();
        await Expect(will.Dialog.Locator(".entry .text")).ToHaveTextAsync(["@will please come"]);
        await Expect(will.Dialog.GetByText("Older results")).ToBeHiddenAsync();
        Assert.Empty(will.Complaints);
    }
}

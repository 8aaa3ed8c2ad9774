using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Who is away.</summary>
public sealed class AwayTests(Browser browser)
{
    [Fact]
    public async Task Whoever_does_nothing_is_away_until_the_next_key()
    {
        await using ChatSite site = await ChatSite.StartAsync("Chat:AwayAfter=00:00:08");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        await one.InstallClockAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await bob.SayAsync("/msg alice hello");
        ILocator direct = bob.Conversation("@alice").Locator(".dot");
        await Expect(direct).ToHaveClassAsync("dot here");

        // The part of the page that says so is loaded some seconds after the rest, and looks every few seconds.
        for (int looks = 0; !await direct.EvaluateAsync<bool>("dot => dot.classList.contains('away')"); looks++)
        {
            Assert.True(looks < 60, "alice is not away.");
            await one.MoveClockAsync(TimeSpan.FromSeconds(looks < 10 ? 5 : 0));
            await bob.Page.WaitForTimeoutAsync(200);
        }

        await bob.Conversation("#lobby").ClickAsync();
        ILocator entry = bob.Users.Filter(new() { HasText = "alice" });
        await Expect(entry).ToContainTextAsync("(away)");

        // Whoever comes now reads it from the list.
        await using Person third = await browser.NewPersonAsync();
        ChatPage cid = await ChatPage.LogInAsync(third, site, "cid");
        await Expect(cid.Users.Filter(new() { HasText = "alice" })).ToContainTextAsync("(away)");

        await alice.Input.PressAsync("h");
        await Expect(direct).ToHaveClassAsync("dot here");
        await Expect(entry).Not.ToContainTextAsync("(away)");
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task A_command_says_it_at_once_and_keys_do_not_end_it()
    {
        await using ChatSite site = await ChatSite.StartAsync("Chat:AwayAfter=00:00:03");
        await using Person one = await browser.NewPersonAsync();
        await one.InstallClockAsync();
        await one.AddInitScriptAsync(ChatPage.CountCalls("/chat/away/"));
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        await alice.SayAsync("/away");
        await Expect(alice.Users.First).ToContainTextAsync("(away)");

        // Longer than the page waits, and then looks.
        await one.MoveClockAsync(TimeSpan.FromSeconds(9));
        await alice.Input.PressSequentiallyAsync("a note to myself");
        Assert.Equal(0, await alice.Page.EvaluateAsync<int>("calls"));
        await Expect(alice.Users.First).ToContainTextAsync("(away)");
        await alice.SayAsync("/back");
        await Expect(alice.Users.First).Not.ToContainTextAsync("(away)");
        Assert.Empty(alice.Complaints);
    }
}

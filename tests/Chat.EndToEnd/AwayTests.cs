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

    /// <summary>With forced colours, who was away looked like who was gone.</summary>
    [Theory]
    [InlineData(ForcedColors.Active)]
    [InlineData(ForcedColors.None)]
    public async Task The_dots_of_people_differ_in_more_than_their_color(ForcedColors forced)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new() { ForcedColors = forced });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        foreach (string nick in new[] { "bob", "cid", "dan" })
        {
            Visitor one = await Visitor.JoinAsync(site, nick);
            await one.WhisperAsync("alice", "psst");
            await Expect(alice.Conversation("@" + nick).Locator(".dot.here")).ToBeVisibleAsync();
            if (nick == "cid")
                await one.SayAsync("/away");
            if (nick == "dan")
                await one.LeaveAsync();
        }

        await Expect(alice.Conversation("@cid").Locator(".dot.away")).ToBeVisibleAsync();
        await Expect(alice.Conversation("@dan").Locator(".dot:not(.here)")).ToBeVisibleAsync();
        string[] fills = await alice.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('#directs .dot')].map(dot => {
              const { backgroundColor, backgroundImage } = getComputedStyle(dot);
              return backgroundImage === 'none' ? backgroundColor.replace(/^rgba.*, 0\)$/, 'empty') : 'half';
            })
            """);
        await alice.PictureAsync($"dots-{forced}");
        Assert.Equal(3, fills.Distinct().Count());
        Assert.Contains("half", fills);
        Assert.Contains("empty", fills);

        // The open conversation has other colours. Forced ones are the same everywhere.
        const string fill = "dot => getComputedStyle(dot).backgroundImage";
        ILocator away = alice.Conversation("@cid").Locator(".dot");
        string before = await away.EvaluateAsync<string>(fill);
        await alice.Conversation("@cid").ClickAsync();
        await Expect(alice.Conversation("@cid")).ToHaveAttributeAsync("aria-current", "true");
        await alice.PictureAsync($"dots-open-{forced}");
        string open = await away.EvaluateAsync<string>(fill);
        Assert.StartsWith("linear-gradient", open, StringComparison.Ordinal);
        Assert.Equal(forced == ForcedColors.Active, open == before);
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

using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Reactions to messages.</summary>
public sealed class ReactionTests(Browser browser)
{
    /// <summary>The names and the room are words of the language that the page is written in, and of objects in it.</summary>
    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Reactions_are_seen_at_once_and_after_a_restart(ColorScheme theme, int width)
    {
        using var log = new TemporaryLog();
        await using ChatSite site = await ChatSite.StartAsync([.. log.Options]);
        await using Person one = await browser.NewPersonAsync(MessageActions.Window(theme, width));
        await using Person other = await browser.NewPersonAsync();
        ChatPage first = await ChatPage.LogInAsync(one, site, "toString");
        ChatPage second = await ChatPage.LogInAsync(other, site, "valueOf");
        foreach (ChatPage page in new[] { first, second })
        {
            await page.SayAsync("/join constructor");
            await Expect(page.Title).ToHaveTextAsync("#constructor");
        }

        await first.SayAsync("lunch at noon?");
        await second.SeesAsync("lunch at noon?");
        await second.ReactAsync("lunch at noon?", "👍");
        await Expect(ChipOf(second, "👍")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(ChipOf(first, "👍")).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(ChipOf(first, "👍")).ToHaveAttributeAsync("title", "👍 1: valueOf");
        await ChipOf(first, "👍").ClickAsync();
        await Expect(ChipOf(second, "👍")).ToHaveTextAsync("👍 2");
        await Expect(ChipOf(second, "👍")).ToHaveAttributeAsync("title", "👍 2: valueOf, toString");
        await Expect(ChipOf(first, "👍")).ToHaveAttributeAsync("aria-pressed", "true");
        await first.ReactAsync("lunch at noon?", "😂");
        await Expect(ChipOf(second, "😂")).ToHaveTextAsync("😂 1");
        await ChipOf(second, "👍").ClickAsync();
        await Expect(ChipOf(first, "👍")).ToHaveAttributeAsync("title", "👍 1: toString");
        await Expect(ChipOf(first, "👍")).ToHaveTextAsync("👍 1");
        await first.SayAsync("the end");
        await first.MessageOf("lunch at noon?").HoverAsync();
        await Axe.CheckAsync(first, "reactions", first.Messages);
        await first.PictureAsync($"reactions-{theme}-{width}");

        await site.RestartAsync([.. log.Options]);
        await first.Page.ReloadAsync();
        await Expect(first.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(ChipOf(first, "👍")).ToHaveTextAsync("👍 1");
        await Expect(ChipOf(first, "👍")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(first.Page.Locator(".reaction")).ToHaveCountAsync(2);
        await ChipOf(first, "😂").ClickAsync();
        await Expect(ChipOf(second, "😂")).ToHaveCountAsync(0);
        await Expect(second.Page.Locator(".reaction")).ToHaveTextAsync(["👍 1"]);
        Assert.Empty(first.Complaints);
        Assert.Empty(second.Complaints);
    }

    [Fact]
    public async Task Everything_works_with_the_keyboard_alone_and_keeps_its_place()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await bob.SayAsync("what a day");
        await alice.SeesAsync("what a day");
        IKeyboard keyboard = alice.Page.Keyboard;
        await alice.Page.Mouse.MoveAsync(5, 5);
        await alice.Messages.FocusAsync();
        ILocator menu = alice.Page.Locator(".actions button");
        for (int tries = 0; await menu.CountAsync() == 0; tries++)
        {
            Assert.True(tries < 100);
            await keyboard.PressAsync("ArrowUp");
            await alice.Page.WaitForTimeoutAsync(50);
        }

        // From the menu's button leftwards: reply, any other emoji, and the three quick ones.
        await Expect(menu).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowLeft");
        await Expect(alice.Page.GetByRole(AriaRole.Button, new() { Name = "Reply" })).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowLeft");
        ILocator any = alice.Page.GetByRole(AriaRole.Button, new() { Name = "React with another emoji…" });
        await Expect(any).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await keyboard.TypeAsync("rocket");
        await Expect(alice.Page.Locator(".picker [role=option]").First).ToHaveAttributeAsync("aria-label", "rocket");
        await keyboard.PressAsync("Enter");
        await Expect(ChipOf(bob, "🚀")).ToHaveTextAsync("🚀 1");
        await Expect(any).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowLeft");
        ILocator quick = alice.Page.Locator(".quick [data-emoji='😂']");
        await Expect(quick).ToBeFocusedAsync();
        await Expect(quick).ToHaveAttributeAsync("aria-pressed", "false");
        await keyboard.PressAsync("Enter");
        await Expect(quick).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(ChipOf(bob, "😂")).ToHaveTextAsync("😂 1");

        // What others do does not take the focus away. The button vanishes with the last reaction, and the next one has the focus.
        await ChipOf(alice, "🚀").FocusAsync();
        await ChipOf(bob, "🚀").ClickAsync();
        await Expect(ChipOf(alice, "🚀")).ToHaveTextAsync("🚀 2");
        await Expect(ChipOf(alice, "🚀")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ChipOf(alice, "🚀")).ToHaveAttributeAsync("aria-pressed", "false");
        await ChipOf(bob, "🚀").ClickAsync();
        await Expect(ChipOf(alice, "🚀")).ToHaveCountAsync(0);
        await Expect(ChipOf(alice, "😂")).ToBeFocusedAsync();
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task A_page_that_missed_more_than_the_server_keeps_learns_of_reactions()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:MaxMailboxItems=5", "--Chat:KeepAcknowledged=0", "--Chat:RateLimitCount=100", "--Chat:RetryLongest=00:00:00.5");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await alice.SayAsync("first");
        await bob.SeesAsync("first");
        await alice.ReactAsync("first", "👍");
        await Expect(ChipOf(bob, "👍")).ToHaveTextAsync("👍 1");
        await other.SetOfflineAsync(true);
        await ChipOf(alice, "👍").ClickAsync();
        await Expect(ChipOf(alice, "👍")).ToHaveCountAsync(0);
        await alice.ReactAsync("first", "😂");
        for (int i = 0; i < 10; i++)
            await alice.SayAsync($"later {i}");
        await alice.SeesAsync("later 9");
        await other.SetOfflineAsync(false);
        await bob.SeesAsync("later 9");
        await Expect(bob.Page.Locator(".reaction")).ToHaveTextAsync(["😂 1"]);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task A_refused_reaction_is_taken_back_and_the_reason_is_shown()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { Locale = "de-DE" });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("moin");
        await alice.SeesAsync("moin");
        await person.RouteAsync("**/chat/react/", static route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json",
            Body = """{"status":"error","response":"too_many_reactions"}""",
        }));
        await alice.ReactAsync("moin", "👍");
        await Expect(alice.Page.Locator("#hint")).ToHaveTextAsync("Das ging nicht: es gibt zu viele verschiedene Reaktionen.");
        await Expect(alice.Page.Locator(".reaction")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task The_end_stays_in_view_and_what_is_read_stays_in_its_place()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        for (int i = 0; i < 60; i++)
            await guest.SayAsync($"line {i} of many");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await bob.SeesAsync("line 59 of many");
        const string isAtEnd = "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 2)("
            + "document.querySelector('#messages'))";
        await alice.ReactAsync("line 59 of many", "👍");
        await Expect(ChipOf(bob, "👍")).ToBeInViewportAsync();
        await bob.UntilAsync(isAtEnd);

        // Above what bob reads now, a line of reactions appears.
        await bob.Page.EvaluateAsync("document.querySelector('#messages').scrollTop -= 300");
        await bob.Page.WaitForTimeoutAsync(300);
        ILocator read = bob.MessageOf("line 50 of many");
        await Expect(read).ToBeInViewportAsync();
        float before = (await read.BoundingBoxAsync())!.Y;
        await alice.MessageOf("line 20 of many").ScrollIntoViewIfNeededAsync();
        await alice.ReactAsync("line 20 of many", "😂");
        await Expect(ChipOf(bob, "😂")).ToHaveTextAsync("😂 1");
        Assert.InRange((await read.BoundingBoxAsync())!.Y, before - 1, before + 1);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task On_a_phone_a_long_press_offers_reactions_and_whoever_is_ignored_does_not_count()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 390, Height = 780 },
            HasTouch = true,
            IsMobile = true,
        });
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await bob.SayAsync("on the way");
        await alice.SeesAsync("on the way");
        await alice.UntilAsync("performance.getEntriesByType('resource').some(({ name }) => name.endsWith('messageMenu.js'))");
        ICDPSession devtools = await one.NewCDPSessionAsync(alice.Page);

        await alice.LoadedAsync("/messageMenu.js");
        await Touch.LongPressAsync(devtools, alice.MessageOf("on the way").Locator(".text"));
        ILocator items = alice.Page.Locator(".menu button");
        await Expect(items).ToHaveTextAsync(["👍", "❤️", "😂", "React with another emoji…", "Reply", "Copy text", "Copy link"]);
        foreach (ILocator each in await items.AllAsync())
            Assert.True(await each.BoundingBoxAsync() is { Width: >= 44, Height: >= 44 });
        await Axe.CheckAsync(alice, "touched", alice.Page.Locator(".menu"));
        await alice.PictureAsync("phone-touched");
        await items.First.TapAsync();
        await Expect(ChipOf(bob, "👍")).ToHaveTextAsync("👍 1");
        Assert.True(await ChipOf(alice, "👍").BoundingBoxAsync() is { Width: >= 44, Height: >= 44 });
        await bob.ReactAsync("on the way", "👍");
        await Expect(ChipOf(alice, "👍")).ToHaveTextAsync("👍 2");
        await alice.PictureAsync("phone-reaction");

        // Their messages are not shown either, so it is one of the user's own.
        await alice.SayAsync("here I am");
        await bob.SeesAsync("here I am");
        await bob.ReactAsync("here I am", "😂");
        await Expect(ChipOf(alice, "😂")).ToHaveTextAsync("😂 1");
        await alice.MessageOf("on the way").Locator(".nick").TapAsync();
        await alice.Page.Locator(".menu").GetByRole(AriaRole.Menuitem, new() { Name = "Ignore" }).TapAsync();
        await Expect(alice.Messages).Not.ToContainTextAsync("on the way");
        await alice.Page.ReloadAsync();
        await alice.SeesAsync("here I am");
        await Expect(alice.Page.Locator(".reaction")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    private static ILocator ChipOf(ChatPage page, string emoji) => page.Page.Locator($".reaction[data-emoji='{emoji}']");
}

using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The choice of emoji for the message box.</summary>
public sealed class EmojiPickerTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, "en-GB", "Search emoji", "robot", "robot")]
    [InlineData(ColorScheme.Dark, "de-DE", "Emoji suchen", "Roboter", "robot")]
    public async Task An_emoji_is_inserted_at_the_cursor(ColorScheme theme, string locale, string label, string name, string word)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions
        {
            ColorScheme = theme,
            Locale = locale,
            ReducedMotion = ReducedMotion.Reduce,
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        IKeyboard keyboard = alice.Page.Keyboard;
        await alice.Input.FillAsync("ab");
        await keyboard.PressAsync("ArrowLeft");
        await alice.Page.ClickAsync("#emoji-open");
        ILocator picker = alice.Page.Locator(".picker");
        await Expect(picker.GetByRole(AriaRole.Searchbox, new() { Name = label })).ToBeFocusedAsync();
        await Expect(picker.Locator("[role=option]").First).ToBeVisibleAsync();
        Assert.True(await picker.Locator("[role=option]").CountAsync() > 1500);
        await Axe.CheckAsync(alice, "emoji", picker);
        await alice.PictureAsync($"emoji-{theme}");

        await keyboard.TypeAsync(word);
        await Expect(picker.Locator("[role=option]").First).ToHaveAttributeAsync("aria-label", name);
        await keyboard.PressAsync("Enter");
        await Expect(picker).ToHaveCountAsync(0);
        await Expect(alice.Input).ToHaveValueAsync("a🤖b");
        await Expect(alice.Input).ToBeFocusedAsync();
        await keyboard.TypeAsync("!");
        await Expect(alice.Input).ToHaveValueAsync("a🤖!b");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Arrows_lead_through_the_emoji_and_Escape_closes_without_a_choice()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        IKeyboard keyboard = alice.Page.Keyboard;
        await alice.Page.Locator("#emoji-open").FocusAsync();
        await keyboard.PressAsync("Enter");
        ILocator picker = alice.Page.Locator(".picker");
        await Expect(picker.Locator("[role=option]").First).ToHaveAttributeAsync("aria-label", "grinning face");
        await keyboard.PressAsync("ArrowDown");
        await Expect(picker.Locator("[role=option]").First).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowRight");
        await Expect(picker.Locator("[role=option]").Nth(1)).ToBeFocusedAsync();

        // A row down and up again is the same place.
        LocatorBoundingBoxResult first = (await picker.Locator("[role=option]").Nth(1).BoundingBoxAsync())!;
        await keyboard.PressAsync("ArrowDown");
        LocatorBoundingBoxResult below = (await picker.Locator("[role=option]:focus").BoundingBoxAsync())!;
        Assert.Equal(first.X, below.X);
        Assert.True(below.Y > first.Y);
        await keyboard.PressAsync("ArrowUp");
        await keyboard.PressAsync("ArrowUp");
        await Expect(picker.Locator("input")).ToBeFocusedAsync();

        // What is typed goes into the search field, from wherever.
        await keyboard.PressAsync("ArrowDown");
        await keyboard.TypeAsync("zzzz");
        await Expect(picker.Locator("input")).ToHaveValueAsync("zzzz");
        await Expect(picker.GetByRole(AriaRole.Status)).ToHaveTextAsync("No emoji found.");
        await keyboard.PressAsync("Enter");
        await Expect(picker).ToBeVisibleAsync();
        await picker.GetByRole(AriaRole.Button, new() { Name = "Flags" }).ClickAsync();
        await Expect(picker.Locator("input")).ToHaveValueAsync("");
        await Expect(picker.GetByRole(AriaRole.Option, new() { Name = "chequered flag" })).ToBeInViewportAsync();

        await keyboard.PressAsync("Escape");
        await Expect(picker).ToHaveCountAsync(0);
        await Expect(alice.Page.Locator("#emoji-open")).ToBeFocusedAsync();
        await Expect(alice.Input).ToHaveValueAsync("");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task The_emoji_come_from_this_server_when_first_opened_and_a_lost_connection_is_said()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 390, Height = 780 },
            HasTouch = true,
            IsMobile = true,
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await Expect(alice.Page.Locator("#emoji-open")).ToBeVisibleAsync();

        // The pages load the module in advance, but not the list.
        await alice.UntilAsync("performance.getEntriesByType('resource').some(({ name }) => name.endsWith('emojiPicker.js'))");
        const string loaded = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/emoji/')).length";
        Assert.Equal(0, await alice.Page.EvaluateAsync<int>(loaded));
        await alice.Page.WaitForTimeoutAsync(500);
        await person.SetOfflineAsync(true);
        await alice.Page.TapAsync("#emoji-open");
        ILocator picker = alice.Page.Locator(".picker");
        await Expect(picker.GetByRole(AriaRole.Status)).ToHaveTextAsync("The emoji could not be loaded.");
        await alice.Page.Keyboard.PressAsync("Escape");
        await person.SetOfflineAsync(false);
        await alice.Page.TapAsync("#emoji-open");
        await Expect(picker.Locator("[role=option]").First).ToBeVisibleAsync();
        await alice.PictureAsync("phone-emoji");
        LocatorBoundingBoxResult whole = (await picker.BoundingBoxAsync())!;
        Assert.True(whole is { X: >= 0, Y: >= 0 } && whole.X + whole.Width <= 390 && whole.Y + whole.Height <= 780);
        foreach (int i in new[] { 0, 7 })
        {
            LocatorBoundingBoxResult box = (await picker.Locator("[role=option]").Nth(i).BoundingBoxAsync())!;
            Assert.True(box is { Width: >= 44, Height: >= 44 }, string.Create(CultureInfo.InvariantCulture, $"{box.Width} x {box.Height}"));
        }

        await picker.Locator("[role=option]").First.TapAsync();
        await Expect(alice.Input).ToHaveValueAsync("😀");
        Assert.Empty(alice.Complaints);
    }
}

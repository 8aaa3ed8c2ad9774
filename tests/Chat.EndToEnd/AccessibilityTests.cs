using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>axe finds no violation in either theme, and everything works with the keyboard.</summary>
public sealed class AccessibilityTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing(ColorScheme theme)
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:AdminPassword=demopass",
            "--Chat:RateLimitCount=100",
            "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("dev");
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions
        {
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = 1100, Height = 700 },
        });
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site);
        await Axe.CheckAsync(alice, "login");
        await alice.SubmitNickAsync("not a nick");
        await Axe.CheckAsync(alice, "login refused");
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await alice.AuthenticateAsync("wrong");
        await Expect(alice.Dialog.Locator(".error")).Not.ToBeEmptyAsync();
        await Axe.CheckAsync(alice, "password", alice.Dialog);
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.AuthenticateAsync("demopass");
        await alice.SeesAsync("You are now authenticated");
        for (int i = 0; i < 12; i++)
            await (await Visitor.JoinAsync(site, $"hue{i}x{i}")).SayAsync($"I have a colour, `code` and https://example.org/{i}");
        await alice.SayAsync("as an administrator");
        await Expect(alice.Page.Locator("#lines .rank")).ToBeVisibleAsync();
        await guest.SayAsync("/me nods at alice :tada:");
        await guest.WhisperAsync("alice", "psst");
        await guest.SayAsync("```\nblock\n```");
        await Expect(alice.Page.Locator("#lines pre")).ToBeVisibleAsync();
        await Axe.CheckAsync(alice, "chat");

        await alice.Page.Keyboard.TypeAsync("/");
        await Expect(alice.Page.Locator("#suggestions")).ToBeVisibleAsync();
        await alice.Page.Keyboard.PressAsync("ArrowDown");
        await Axe.CheckAsync(alice, "suggestions", alice.Page.Locator("#suggestions"));
        await alice.Input.FillAsync("");
        foreach ((string opener, string name) in new[]
        {
            ("#settings-open", "settings"), ("#shortcuts-open", "shortcuts"), ("#join-open", "join"), ("#switch-open", "switcher"),
            ("#inbox-open", "inbox"), ("#search-open", "search"), ("#bans-open", "bans"),
        })
        {
            await alice.Page.ClickAsync(opener);
            await Expect(alice.Dialog).ToBeVisibleAsync();
            await Axe.CheckAsync(alice, name, alice.Dialog);
            await alice.Page.Keyboard.PressAsync("Escape");
        }

        await alice.Page.ClickAsync("#users button:has-text('guest')");
        await Axe.CheckAsync(alice, "menu", alice.Page.Locator(".menu"));
        await alice.Page.ClickAsync(".menu button:has-text('Kick')");
        await Axe.CheckAsync(alice, "kick", alice.Dialog);
        await alice.Page.Keyboard.PressAsync("Escape");

        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await Axe.CheckAsync(alice, "welcome", alice.Page.Locator("#welcome"));
        await alice.Page.ClickAsync("#leave-room");
        await Axe.CheckAsync(alice, "undo", alice.Page.Locator(".undo"));
        await alice.Page.Locator(".undo button").ClickAsync();
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await guest.LeaveAsync();
        await Expect(alice.Users).ToHaveCountAsync(1);
        await alice.Page.ClickAsync("#leave-room");
        await Expect(alice.Dialog).ToBeVisibleAsync();
        await Axe.CheckAsync(alice, "leave", alice.Dialog);
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Conversation("#lobby").ClickAsync();

        await alice.Page.SetViewportSizeAsync(360, 640);
        await alice.Page.ClickAsync("#rooms-open");
        await Axe.CheckAsync(alice, "rooms drawer");
        await alice.Page.Keyboard.PressAsync("Escape");
        await Expect(alice.Page.Locator("#rooms-open")).ToBeFocusedAsync();
        await alice.Page.ClickAsync("#people-open");
        await Axe.CheckAsync(alice, "people drawer");
        await alice.Page.Keyboard.PressAsync("Escape");
        await Axe.CheckAsync(alice, "phone");
        await person.SetOfflineAsync(true);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "offline");
        await Expect(alice.Page.Locator("#trouble")).ToBeVisibleAsync();
        await Axe.CheckAsync(alice, "offline");
    }

    /// <summary>A check that finds nothing proves something only if it would find something.</summary>
    [Fact]
    public async Task Axe_finds_a_button_without_a_name_and_pale_text()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage page = await ChatPage.OpenLoginAsync(person, site);
        await page.Page.EvaluateAsync("document.querySelector('form#login button').textContent = ''");
        await page.Page.EvaluateAsync("document.querySelector('label').style.color = '#eee'");
        Exception found = await Assert.ThrowsAnyAsync<Exception>(() => Axe.CheckAsync(page, "spoiled"));
        Assert.Contains("button-name: ", found.Message, StringComparison.Ordinal);
        Assert.Contains("color-contrast: ", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard_alone()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site);
        IKeyboard keyboard = alice.Page.Keyboard;
        await keyboard.TypeAsync("alice");
        await keyboard.PressAsync("Enter");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(alice.Input).ToBeFocusedAsync();

        await alice.Page.Locator("#users button:has-text('guest')").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator(".menu [role=menuitem]").First).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Escape");
        await Expect(alice.Page.Locator("#users button:has-text('guest')")).ToBeFocusedAsync();
        await keyboard.PressAsync("?");
        await Expect(alice.Dialog).ToContainTextAsync("Shift + Enter");
        await keyboard.PressAsync("Escape");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        await Expect(alice.Page.Locator("#users button:has-text('guest')")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(alice.Input).ToBeFocusedAsync();

        await keyboard.PressAsync("Control+k");
        await keyboard.TypeAsync("dev");
        await keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await keyboard.PressAsync("Alt+ArrowUp");
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await keyboard.TypeAsync("by hand");
        await keyboard.PressAsync("Enter");
        await alice.SeesAsync("by hand");
    }
}

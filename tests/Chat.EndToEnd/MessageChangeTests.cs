using System.Text.RegularExpressions;
using ErlChat.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Editing and deleting messages.</summary>
public sealed class MessageChangeTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task An_edit_and_a_deletion_are_seen_at_once_and_after_a_reload(ColorScheme theme)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync(new BrowserNewContextOptions { ColorScheme = theme });
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await alice.SayAsync("helo world");
        await alice.SayAsync("a secret");
        await bob.SeesAsync("a secret");

        await ChooseAsync(alice, "helo world", "Edit");
        await Expect(alice.Input).ToHaveValueAsync("helo world");
        await Expect(alice.Page.Locator(".editing")).ToContainTextAsync("You are editing a message.");
        await alice.Input.FillAsync("hello world");
        await Axe.CheckAsync(alice, "editing");
        await alice.PictureAsync($"editing-{theme}");
        await alice.Page.ClickAsync("#send-button");
        await Expect(MessageOf(bob, "hello world").Locator(".edited")).ToHaveTextAsync("(edited)");
        await Expect(MessageOf(bob, "hello world").Locator(".edited")).ToHaveAttributeAsync("title", new Regex("[0-9]"));
        await Expect(MessageOf(alice, "hello world").Locator(".edited")).ToBeVisibleAsync();
        await Expect(alice.Page.Locator(".editing")).ToHaveCountAsync(0);
        await Expect(alice.Input).ToHaveValueAsync("");
        await Expect(bob.Messages).Not.ToContainTextAsync("helo world");

        await MessageOf(alice, "a secret").HoverAsync();
        await alice.Page.ClickAsync(".actions button");
        await Axe.CheckAsync(alice, "menu", alice.Page.Locator(".menu"));
        await alice.PictureAsync($"message-menu-{theme}");
        await alice.Page.ClickAsync(".menu button:has-text('Delete')");
        await Expect(alice.Dialog).ToContainTextAsync("a secret");
        await Axe.CheckAsync(alice, "delete", alice.Dialog);
        await alice.PictureAsync($"delete-{theme}");
        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(alice.Page.Locator("#lines .system", new() { HasText = "Message of alice deleted." })).ToBeVisibleAsync();
        await bob.SeesAsync("Message of alice deleted.");
        await Expect(bob.Messages).Not.ToContainTextAsync("a secret");
        await Axe.CheckAsync(alice, "changed", alice.Messages);

        await bob.Page.ReloadAsync();
        await bob.SeesAsync("Message of alice deleted.");
        await Expect(MessageOf(bob, "hello world").Locator(".edited")).ToBeVisibleAsync();
        await bob.PictureAsync($"changed-{theme}");
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task Up_edits_the_last_message_and_then_recalls_what_was_sent_before()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        IKeyboard keyboard = alice.Page.Keyboard;
        ILocator bar = alice.Page.Locator(".editing");
        await alice.SayAsync("/topic Tea");
        await alice.SayAsync("first");
        await alice.SeesAsync("first");
        await alice.SayAsync("one line\ntwo lines");
        await ArrivedAsync(alice, "two lines");

        // Escape gives the empty box back, and changes nothing.
        await keyboard.PressAsync("ArrowUp");
        await Expect(bar).ToBeVisibleAsync();
        await Expect(alice.Input).ToHaveValueAsync("one line\ntwo lines");
        await keyboard.TypeAsync("!");
        await keyboard.PressAsync("Escape");
        await Expect(bar).ToHaveCountAsync(0);
        await Expect(alice.Input).ToHaveValueAsync("");

        // In the second line, the first press only moves the cursor.
        await keyboard.PressAsync("ArrowUp");
        await Expect(bar).ToBeVisibleAsync();
        await keyboard.PressAsync("ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("one line\ntwo lines");
        await keyboard.PressAsync("ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("first");
        await Expect(bar).ToHaveCountAsync(0);
        await keyboard.PressAsync("ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("/topic Tea");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowDown");
        await Expect(alice.Input).ToHaveValueAsync("");

        // A changed text is never replaced.
        await keyboard.PressAsync("ArrowUp");
        await Expect(bar).ToBeVisibleAsync();
        await alice.Input.FillAsync("one line");
        await keyboard.PressAsync("ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("one line");
        await keyboard.PressAsync("Enter");
        await Expect(MessageOf(alice, "one line").Locator(".edited")).ToBeVisibleAsync();
        await Expect(alice.Messages).Not.ToContainTextAsync("two lines");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_draft_comes_back_after_editing_and_does_not_keep_the_edited_text()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("as it was");
        await alice.SeesAsync("as it was");
        await alice.Input.FillAsync("a thought");
        await ChooseAsync(alice, "as it was", "Edit");
        await alice.Input.FillAsync("as it is");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(MessageOf(alice, "as it is").Locator(".edited")).ToBeVisibleAsync();
        await Expect(alice.Input).ToHaveValueAsync("a thought");

        await ChooseAsync(alice, "as it is", "Edit");
        await alice.Input.FillAsync("never sent");
        await alice.Page.ReloadAsync();
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(alice.Input).ToHaveValueAsync("a thought");
        await alice.SeesAsync("as it is");

        await ChooseAsync(alice, "as it is", "Edit");
        await alice.Page.ClickAsync(".editing button");
        await Expect(alice.Input).ToHaveValueAsync("a thought");
        await Expect(alice.Input).ToBeFocusedAsync();
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_moderator_deletes_what_others_write_and_sees_what_they_wrote_before()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        foreach (ChatPage page in new[] { alice, bob })
        {
            await page.SayAsync("/join dev");
            await Expect(page.Title).ToHaveTextAsync("#dev");
        }

        await alice.SayAsync("be nice");
        await bob.SayAsync("rude words");
        await ArrivedAsync(bob, "rude words");
        await bob.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(bob.Input).ToHaveValueAsync("rude words");
        await bob.SayAsync("kind words");
        await Expect(MessageOf(alice, "kind words").Locator(".edited")).ToBeVisibleAsync();

        await ChooseAsync(alice, "kind words", "Earlier texts");
        await Expect(alice.Dialog).ToContainTextAsync("rude words");
        await Axe.CheckAsync(alice, "earlier", alice.Dialog);
        await alice.PictureAsync("earlier");
        await alice.Page.Keyboard.PressAsync("Escape");
        await ChooseAsync(alice, "kind words", "Delete…");
        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await bob.SeesAsync("Message of bob deleted.");

        await MessageOf(bob, "be nice").HoverAsync();
        await bob.Page.ClickAsync(".actions button");
        await Expect(bob.Page.Locator(".menu button")).ToHaveTextAsync(["Copy text", "Copy link"]);
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task The_menu_works_with_the_keyboard_alone()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("mine");
        await alice.SeesAsync("mine");
        await guest.SayAsync("yours");
        await alice.SeesAsync("yours");
        IKeyboard keyboard = alice.Page.Keyboard;

        // The pointer is where the login's button was, which may be at a message.
        await alice.Page.Mouse.MoveAsync(5, 5);
        await alice.Messages.FocusAsync();
        ILocator button = alice.Page.Locator(".actions button");
        await PressUntilAsync(alice, "ArrowUp", "What to do with the message of guest: yours");
        await keyboard.PressAsync("ArrowUp");
        await Expect(button).ToHaveAttributeAsync("aria-label", "What to do with the message of alice: mine");
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator(".menu button")).ToHaveTextAsync(["Edit", "Copy text", "Copy link", "Delete…"]);
        await keyboard.PressAsync("Escape");
        await Expect(button).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator(".menu button").First).ToBeFocusedAsync();
        await keyboard.PressAsync("End");
        await keyboard.PressAsync("Enter");

        // Whoever presses Enter once too often keeps the message.
        await Expect(alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await keyboard.PressAsync("Shift+Tab");
        await keyboard.PressAsync("Enter");
        await alice.SeesAsync("Message of alice deleted.");
        await Expect(alice.Input).ToBeFocusedAsync();
        Assert.Empty(alice.Complaints);
    }

    // The buttons are loaded when the pointer is first over a message.
    [Fact]
    public async Task The_buttons_do_not_appear_where_the_pointer_no_longer_is()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        var asked = new TaskCompletionSource();
        var moved = new TaskCompletionSource();
        await person.RouteAsync("**/messageMenu.js", async route =>
        {
            asked.TrySetResult();
            await moved.Task;
            await route.ContinueAsync();
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("mine");
        await MessageOf(alice, "mine").HoverAsync();
        await asked.Task.WithinAsync(Browser.Patience);
        await alice.Page.Mouse.MoveAsync(5, 5);
        moved.SetResult();
        await alice.LoadedAsync("/messageMenu.js");
        await Expect(alice.Page.Locator(".actions")).ToHaveCountAsync(0);
        await MessageOf(alice, "mine").HoverAsync();
        await Expect(alice.Page.Locator(".actions")).ToHaveCountAsync(1);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task On_a_phone_a_long_press_opens_the_menu()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 390, Height = 780 },
            HasTouch = true,
            IsMobile = true,
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("on the way");
        await alice.SeesAsync("on the way");
        await alice.PictureAsync("phone-message");
        ICDPSession devtools = await person.NewCDPSessionAsync(alice.Page);

        // The first touch must count: nothing was touched before.
        await alice.LoadedAsync("/messageMenu.js");
        await Touch.LongPressAsync(devtools, MessageOf(alice, "on the way").Locator(".text"));
        await Expect(alice.Page.Locator(".menu button")).ToHaveTextAsync(
            ["👍", "❤️", "😂", "React with another emoji…", "Reply", "Edit", "Copy text", "Copy link", "Delete…"]);
        foreach (ILocator each in await alice.Page.Locator(".menu button").AllAsync())
            Assert.True((await each.BoundingBoxAsync())!.Height >= 44);
        await alice.PictureAsync("phone-menu");
        await alice.Page.TapAsync(".menu button:has-text('Edit')");
        await Expect(alice.Input).ToHaveValueAsync("on the way");
        await alice.PictureAsync("phone-editing");
        await alice.Input.FillAsync("almost there");
        await alice.Page.TapAsync("#send-button");
        await Expect(MessageOf(alice, "almost there").Locator(".edited")).ToBeVisibleAsync();
        await Touch.LongPressAsync(devtools, MessageOf(alice, "almost there").Locator(".text"));
        await alice.Page.TapAsync(".menu button:has-text('Delete')");
        await alice.PictureAsync("phone-delete");
        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).TapAsync();
        await alice.SeesAsync("Message of alice deleted.");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_page_that_missed_more_than_the_server_keeps_learns_what_was_done_to_its_messages()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:MaxMailboxItems=5", "--Chat:KeepAcknowledged=0", "--Chat:RateLimitCount=100", "--Chat:RetryLongest=00:00:00.5");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await alice.SayAsync("first");
        await alice.SayAsync("second");
        await bob.SeesAsync("second");
        await other.SetOfflineAsync(true);
        await ChooseAsync(alice, "first", "Edit");
        await alice.SayAsync("FIRST");
        await Expect(MessageOf(alice, "FIRST").Locator(".edited")).ToBeVisibleAsync();
        await ChooseAsync(alice, "second", "Delete…");
        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await alice.SeesAsync("Message of alice deleted.");
        for (int i = 0; i < 10; i++)
            await alice.SayAsync($"later {i}");
        await alice.SeesAsync("later 9");
        await other.SetOfflineAsync(false);
        await bob.SeesAsync("later 9");
        await bob.SeesAsync("Message of alice deleted.");
        await Expect(MessageOf(bob, "FIRST").Locator(".edited")).ToBeVisibleAsync();
        await Expect(bob.Messages).Not.ToContainTextAsync("second");
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task A_refused_edit_says_why_and_keeps_the_text()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:EditWindow=00:00:04");
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { Locale = "de-DE" });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("von gestern");
        await ArrivedAsync(alice, "von gestern");
        await alice.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(alice.Page.Locator(".editing")).ToBeVisibleAsync();

        // The page does not offer to edit what is too old, but this message becomes so while it is edited.
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
        await alice.SayAsync("von heute");
        await Expect(alice.Page.Locator(".editing .error")).ToHaveTextAsync(
            "Das ging nicht: die Nachricht ist zu alt zum Bearbeiten; löschen kannst du sie noch.");
        await Expect(alice.Input).ToHaveValueAsync("von heute");
        await Expect(alice.Page.Locator("#send-button")).ToHaveTextAsync("Speichern");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_deleted_message_is_not_unread_and_not_found()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await bob.SayAsync("/join dev");
        await Expect(bob.Title).ToHaveTextAsync("#dev");
        await alice.SayAsync("a needle");
        await alice.SeesAsync("a needle");
        await Expect(bob.Conversation("#lobby").Locator(".badge")).ToHaveTextAsync("1");
        await bob.Page.ClickAsync("#search-open");
        await bob.Page.Keyboard.TypeAsync("needle");
        await bob.Page.Keyboard.PressAsync("Enter");
        await Expect(bob.Dialog.Locator(".entry")).ToContainTextAsync("a needle");

        await ChooseAsync(alice, "a needle", "Delete…");
        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(bob.Dialog.Locator(".entry")).ToContainTextAsync("Message deleted.");
        await Expect(bob.Dialog.Locator(".entry")).Not.ToContainTextAsync("a needle");
        await Expect(bob.Conversation("#lobby").Locator(".badge")).ToHaveCountAsync(0);
        Assert.Empty(bob.Complaints);
    }

    /// <summary>Waits until the server has the message. Before that, ↑ recalls what was sent instead of editing it.</summary>
    private static Task ArrivedAsync(ChatPage page, string text) => Expect(
        page.Page.Locator("#lines .message:not(.pending)", new() { HasText = text })).ToBeVisibleAsync();

    private static ILocator MessageOf(ChatPage page, string text) => page.Page.Locator("#lines .message", new() { HasText = text });

    /// <summary>Opens the menu of a message with the mouse, and presses one of its buttons.</summary>
    private static async Task ChooseAsync(ChatPage page, string text, string action)
    {
        await MessageOf(page, text).HoverAsync();
        await page.Page.ClickAsync(".actions button");
        await page.Page.ClickAsync($".menu button:text-is('{action}')");
    }

    /// <summary>The first press only has an effect once the menu is loaded.</summary>
    private static async Task PressUntilAsync(ChatPage page, string key, string label)
    {
        ILocator button = page.Page.Locator(".actions button");
        for (int tries = 0; await button.CountAsync() == 0; tries++)
        {
            Assert.True(tries < 100, label);
            await page.Page.Keyboard.PressAsync(key);

            // A second press must not come before the first has had its effect.
            for (int looks = 0; looks < 20 && await button.CountAsync() == 0; looks++)
                await page.Page.WaitForTimeoutAsync(50);
        }

        await Expect(button).ToHaveAttributeAsync("aria-label", label);
    }
}

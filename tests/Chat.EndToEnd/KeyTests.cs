using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Keys and texts that people type in their own ways.</summary>
public sealed class KeyTests(Browser browser)
{
    [Fact]
    public async Task The_Enter_that_confirms_a_word_of_an_input_method_does_not_send()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Input.FillAsync("にほん");

        // As Safari does it: the composition has ended already, and only the old code tells.
        Assert.True(await IsLeftAsync(alice, new { key = "Enter", keyCode = 229 }));
        await Expect(alice.Input).ToHaveValueAsync("にほん");
        Assert.False(await IsLeftAsync(alice, new { key = "Enter", keyCode = 13 }));
        await Expect(alice.Messages).ToContainTextAsync("にほん");
        Assert.Empty(alice.Complaints);
    }

    [Theory]
    [InlineData("ń", "KeyN")]
    [InlineData("µ", "KeyM")]
    [InlineData("–", "Slash")]
    public async Task A_key_that_types_a_sign_is_no_shortcut(string key, string code)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        Assert.True(await IsLeftAsync(alice, new { key, code, altKey = true }));
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    // A Hebrew or Russian keyboard has no K and no M.
    [Theory]
    [InlineData("ל", "KeyK", true)]
    [InlineData("צ", "KeyM", false)]
    [InlineData("ь", "KeyM", false)]
    public async Task A_keyboard_of_another_script_has_the_same_shortcuts(string key, string code, bool isControl)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        Assert.False(await IsLeftAsync(alice, new { key, code, ctrlKey = isControl, altKey = !isControl }));
        await Expect(alice.Dialog).ToHaveCountAsync(1);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>On a Mac, Option and a letter type a sign, so three shortcuts did nothing there.</summary>
    [Theory]
    [InlineData("MacIntel", true)]
    [InlineData("Win32", false)]
    public async Task On_a_Mac_shortcuts_of_letters_take_Ctrl_too(string platform, bool isMac)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        await person.AddInitScriptAsync($"Object.defineProperty(Navigator.prototype, 'platform', {{ get: () => '{platform}' }})");
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        foreach ((string key, string code) in new[] { ("µ", "KeyM"), ("÷", "Slash") })
        {
            // Elsewhere, Ctrl and Alt are what the key AltGr is.
            Assert.Equal(!isMac, await IsLeftAsync(alice, new { key, code, ctrlKey = true, altKey = true }));
            await Expect(alice.Dialog).ToHaveCountAsync(isMac ? 1 : 0);
            await alice.Page.Keyboard.PressAsync("Escape");
        }

        await alice.Page.ClickAsync("#shortcuts-open");
        string[] names = isMac ? ["Option + ↑ ↓", "Ctrl + Option + N"] : ["Alt + ↑ ↓", "Alt + N"];
        foreach (string name in names)
            await Expect(alice.Dialog.GetByText(name, new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task What_looks_like_a_command_but_is_none_stays_in_the_box_and_can_be_said()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await alice.Input.PressSequentiallyAsync("/");
        await Expect(alice.Page.Locator("#suggestions")).ToContainTextAsync("/topic");
        await alice.Input.FillAsync("/etc/passwd is world readable");
        await alice.Input.PressAsync("Enter");
        await Expect(alice.Page.Locator("#hint")).ToHaveTextAsync("There is no command /etc. To say this, begin it with two slashes.");
        await Expect(alice.Input).ToHaveValueAsync("/etc/passwd is world readable");
        await alice.Input.PressAsync("Home");
        await alice.Input.PressSequentiallyAsync("/");
        await alice.Input.PressAsync("Enter");
        ILocator said = bob.Page.Locator("#lines .message .text");
        await Expect(said).ToHaveTextAsync("/etc/passwd is world readable");
        await Expect(alice.Page.Locator("#pending .message")).ToHaveCountAsync(0);

        // A real command can be said like that too, and other names of commands work.
        await alice.SayAsync("//topic is a command");
        await Expect(said.Last).ToHaveTextAsync("/topic is a command");
        await alice.SayAsync("/msg bob psst");
        await Expect(alice.Title).ToHaveTextAsync("bob");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task On_a_touch_screen_Enter_starts_a_line_unless_the_user_wants_it_otherwise()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(Device.Phone);
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Input.PressSequentiallyAsync("one");
        await Expect(alice.Input).ToHaveAttributeAsync("enterkeyhint", "enter");
        await alice.Input.PressAsync("Enter");
        await alice.Input.PressSequentiallyAsync("two");
        await Expect(alice.Input).ToHaveValueAsync("one\ntwo");
        await alice.Page.ClickAsync("#send-button");
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync("one\ntwo");
        await alice.Input.FillAsync("three");
        await alice.Input.PressAsync("Control+Enter");
        await Expect(alice.Page.Locator("#lines .message .text").Last).ToHaveTextAsync("three");

        await alice.Page.ClickAsync("#rooms-open");
        await alice.Page.ClickAsync("#settings-open");
        await alice.Dialog.GetByLabel("The Enter key").SelectOptionAsync("Sends");
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Input.FillAsync("four");
        await alice.Input.PressAsync("Enter");
        await Expect(alice.Page.Locator("#lines .message .text").Last).ToHaveTextAsync("four");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_call_without_an_answer_puts_the_connection_in_doubt_within_seconds()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        var held = new TaskCompletionSource<IRoute>();
        await alice.Page.RouteAsync("**/chat/send_msg/", route =>
        {
            held.TrySetResult(route);
            return Task.CompletedTask;
        });
        await alice.SayAsync("is anybody there?");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "doubtful", new() { Timeout = 6000 });
        await Expect(alice.Page.Locator("#trouble")).ToBeVisibleAsync(new() { Timeout = 4000 });
        await Expect(alice.Status).ToHaveTextAsync("The server is slow to answer");
        await (await held.Task).ContinueAsync();
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(alice.Page.Locator("#trouble")).ToBeHiddenAsync();
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync("is anybody there?");
        Assert.Empty(alice.Complaints);
    }

    /// <summary>
    /// Presses a key in the message box that no keyboard of Playwright has. Returns whether the page leaves it to the browser.
    /// </summary>
    private static Task<bool> IsLeftAsync(ChatPage page, object key) => page.Input.EvaluateAsync<bool>(
        "(input, key) => input.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true }))", key);
}

using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The message box.</summary>
public sealed class ComposerTests(Browser browser)
{
    [Fact]
    public async Task Keys_send_break_lines_recall_and_complete()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await Visitor.JoinAsync(site, "Barbara");
        await Visitor.JoinAsync(site, "Bernd");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        IKeyboard keyboard = alice.Page.Keyboard;
        ILocator list = alice.Page.Locator("#suggestions [role=option]");
        await alice.Input.FocusAsync();

        await keyboard.TypeAsync("first");
        await keyboard.PressAsync("Shift+Enter");
        await keyboard.TypeAsync("second");
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator("#lines .own .text")).ToHaveTextAsync("first\nsecond");
        await keyboard.PressAsync("ArrowUp");
        await Expect(alice.Input).ToHaveValueAsync("first\nsecond");
        await keyboard.PressAsync("ArrowDown");
        await Expect(alice.Input).ToHaveValueAsync("");

        await keyboard.TypeAsync("ba");
        await keyboard.PressAsync("Tab");
        await Expect(alice.Input).ToHaveValueAsync("Barbara: ");
        await keyboard.TypeAsync("hi @be");
        await Expect(list).ToHaveTextAsync(["Bernd"]);
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync(":tad");
        await Expect(list.First).ToContainTextAsync(":tada:");
        await keyboard.PressAsync("Tab");
        await Expect(alice.Input).ToHaveValueAsync("Barbara: hi @Bernd 🎉 ");
        await alice.Input.FillAsync("b");
        await keyboard.PressAsync("Tab");
        await Expect(list).ToHaveTextAsync(["Barbara", "Bernd"]);
        await keyboard.PressAsync("Tab");
        await Expect(alice.Input).ToHaveValueAsync("Barbara: ");

        await alice.Input.FillAsync("");
        await keyboard.TypeAsync("/");
        await Expect(alice.Page.Locator("#suggestions")).ToContainTextAsync("enter a room, or open a new one");
        Assert.DoesNotContain("/admin", await alice.Page.Locator("#suggestions").InnerTextAsync(), StringComparison.Ordinal);
        await alice.PictureAsync("commands");
        await keyboard.TypeAsync("to");
        await keyboard.PressAsync("Tab");
        await Expect(alice.Input).ToHaveValueAsync("/topic ");
        await keyboard.PressAsync("Escape");
        await Expect(alice.Page.Locator("#suggestions")).ToBeHiddenAsync();
        await keyboard.TypeAsync("Nice & tidy");
        await keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator("#topic")).ToHaveTextAsync("Nice & tidy");
        Assert.Empty(alice.Complaints);
    }

    // Previously, ":thu" and "@Ba" were sent as they were.
    [Fact]
    public async Task Enter_takes_the_marked_completion_and_sends_what_is_complete()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        await Visitor.JoinAsync(site, "Barbara");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ILocator marked = alice.Page.Locator("#suggestions [aria-selected=true]");
        async Task TypeAsync(string text, string? option)
        {
            await alice.Input.FillAsync("");
            await alice.Page.Keyboard.TypeAsync(text);
            if (option is null)
                await Expect(marked).ToHaveCountAsync(0);
            else
                await Expect(marked).ToContainTextAsync(option);
            await alice.Page.Keyboard.PressAsync("Enter");
        }

        await TypeAsync("well :thu", ":thumbsup:");
        await Expect(alice.Input).ToHaveValueAsync("well 👍 ");
        await TypeAsync("well @ba", "Barbara");
        await Expect(alice.Input).ToHaveValueAsync("well @Barbara ");
        await TypeAsync("/top", "/topic");
        await Expect(alice.Input).ToHaveValueAsync("/topic ");

        // Nothing is left to complete, or nothing can be, or the user has closed the list: then Enter sends.
        await TypeAsync("hi @Barbara", null);
        await alice.SeesAsync("hi @Barbara");
        await TypeAsync(":thumbsup:", null);
        await Expect(alice.Page.Locator("#lines .emoji-only .text")).ToHaveTextAsync("👍");
        await TypeAsync("/help", null);
        await alice.SeesAsync("/topic");
        await TypeAsync("at @nobody", null);
        await alice.SeesAsync("at @nobody");
        await alice.Input.FillAsync("");
        await alice.Page.Keyboard.TypeAsync("see :thu");
        await Expect(marked).ToHaveCountAsync(1);
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Page.Keyboard.PressAsync("Enter");
        await alice.SeesAsync("see :thu");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Drafts_stay_with_their_conversation_and_survive_the_session()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:AdminPassword=demopass");
        Visitor admin = await Visitor.JoinAsync(site, "boss");
        await admin.SayAsync("/auth demopass");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.Input.FillAsync("a thought for dev");
        await alice.Page.Keyboard.PressAsync("Alt+ArrowUp");
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await Expect(alice.Input).ToHaveValueAsync("");
        await alice.Input.FillAsync("one for the lobby");
        await alice.Page.Keyboard.PressAsync("Alt+ArrowDown");
        await Expect(alice.Input).ToHaveValueAsync("a thought for dev");
        await alice.Conversation("#lobby").ClickAsync();

        // Not even the last keys get lost, though a draft is not saved with each.
        await alice.UntilAsync("sessionStorage.getItem('erlchat.drafts')?.includes('one for the lobby') === true");
        await alice.Page.EvaluateAsync("""
            () => {
              const box = document.querySelector('#input');
              box.value += ', too';
              box.dispatchEvent(new Event('input'));
              location.reload();
            }
            """);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(alice.Input).ToHaveValueAsync("one for the lobby, too");
        await alice.Input.FillAsync("one for the lobby");

        await admin.SayAsync("/admin kick alice enough");
        await Expect(alice.Status).ToHaveTextAsync("You have been kicked from the chat");
        await Expect(alice.Input).ToHaveValueAsync("one for the lobby");
        await alice.Page.ClickAsync("#login-again");
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(alice.Input).ToHaveValueAsync("one for the lobby");

        // Another user at the same machine does not see the drafts.
        await alice.Page.GotoAsync(site.Address);
        await alice.SubmitNickAsync("mallory");
        await Expect(alice.Page.Locator("#me")).ToHaveTextAsync("mallory");
        await Expect(alice.Input).ToHaveValueAsync("");
    }

    /// <summary>Previously, a user who typed a slash before the page had loaded the list of commands was offered none.</summary>
    [Fact]
    public async Task Commands_are_offered_even_to_a_user_who_types_before_they_are_loaded()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await person.RouteAsync("**/chat/commands/", async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Input.PressSequentiallyAsync("/to");
        await Expect(alice.Input).ToHaveValueAsync("/to");
        await Expect(alice.Page.Locator("#suggestions")).ToBeHiddenAsync();
        gate.SetResult();
        await Expect(alice.Page.Locator("#suggestions")).ToContainTextAsync("/topic");
    }

    /// <summary>
    /// Previously, when a user wrote to a person with /pm and kept typing, the box was replaced by that of the new conversation when the
    /// answer came. The half-written text disappeared under the user's fingers, and Enter sent nothing, or sent the second half to the
    /// wrong person.
    /// </summary>
    [Fact]
    public async Task A_conversation_opened_by_a_command_does_not_replace_a_text_begun_since()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        TaskCompletionSource gate = null!;
        await alice.Page.RouteAsync("**/chat/send_msg/", async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });

        // The command is on its way while the user writes the next text.
        gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await alice.SayAsync("/pm guest psst");
        await alice.Input.FillAsync("/join dev");
        gate.SetResult();
        await Expect(alice.Conversation("@guest")).ToBeVisibleAsync();
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await Expect(alice.Input).ToHaveValueAsync("/join dev");

        gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await alice.Page.PressAsync("#input", "Enter");
        await alice.Input.PressSequentiallyAsync("half a thou");
        gate.SetResult();
        await Expect(alice.Conversation("#dev")).ToBeVisibleAsync();
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await alice.Input.PressSequentiallyAsync("ght");
        await Expect(alice.Input).ToHaveValueAsync("half a thought");
        await alice.PictureAsync("asked-for-waits");

        // A draft from before the command does not delay anything: it stays in its conversation, as with a click in the side bar.
        await alice.Page.Keyboard.PressAsync("Control+k");
        await alice.Dialog.Locator("input").FillAsync("garden");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("#garden");
        await Expect(alice.Input).ToHaveValueAsync("");
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(alice.Input).ToHaveValueAsync("half a thought");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Near_the_limit_the_remaining_characters_are_counted_as_the_server_counts_them()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:MaxMessageLength=20");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ILocator counter = alice.Page.Locator("#counter");
        await alice.Input.FillAsync(new string('x', 10));
        await Expect(counter).ToHaveTextAsync("");
        await alice.Input.FillAsync(new string('x', 19));
        await Expect(counter).ToHaveTextAsync("1 character left");
        await alice.Input.FillAsync(string.Concat(Enumerable.Repeat("👩‍👩‍👧", 20)));
        await Expect(counter).ToHaveTextAsync("0 characters left");
        await alice.Page.PressAsync("#input", "Enter");
        await Expect(alice.Page.Locator("#lines .own")).ToHaveCountAsync(1);
        await alice.Input.FillAsync(new string('x', 21));
        await Expect(counter).ToHaveTextAsync("1 character too many");
        await alice.Page.PressAsync("#input", "Enter");
        await Expect(alice.Page.Locator("#send-button")).ToBeDisabledAsync();
        await Expect(alice.Input).ToHaveValueAsync(new string('x', 21));
    }
}

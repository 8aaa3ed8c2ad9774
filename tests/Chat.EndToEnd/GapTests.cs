using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Messages that arrive while the page is gone, or are sent while it does not yet know where to.</summary>
public sealed class GapTests(Browser browser)
{
    /// <summary>
    /// Previously, private messages from a gap were not shown until the page was reloaded. Those of people who wrote for the first time
    /// were not shown even then.
    /// </summary>
    [Fact]
    public async Task Private_messages_of_a_gap_are_fetched_like_those_of_rooms()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:MaxMailboxItems=5",
            "--Chat:KeepAcknowledged=0",
            "--Chat:RateLimitCount=1000",
            "--Chat:RateLimitWindow=00:00:00.010",
            "--Limits:Enabled=false");
        Visitor bob = await Visitor.JoinAsync(site, "bob"), carol = await Visitor.JoinAsync(site, "carol");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await bob.WhisperAsync("alice", "before");
        await alice.Conversation("@bob").ClickAsync();
        await alice.SeesAsync("before");
        await alice.Conversation("#lobby").ClickAsync();

        await person.SetOfflineAsync(true);
        await Expect(alice.Status).Not.ToHaveAttributeAsync("data-state", "connected");
        for (int i = 0; i < 120; i++)
        {
            await bob.WhisperAsync("alice", $"bob's {i}");
            if (i % 40 == 0)
                await carol.WhisperAsync("alice", $"carol's {i}");
        }

        await person.SetOfflineAsync(false);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(alice.Conversation("@bob")).ToContainTextAsync("99+");
        await Expect(alice.Conversation("@carol")).ToContainTextAsync("3 unread messages");
        await alice.Conversation("@carol").ClickAsync();
        await alice.SeesAsync("carol's 80");
        Assert.Equal(["carol's 0", "carol's 40", "carol's 80"], await alice.TextsAsync());
        await alice.Conversation("@bob").ClickAsync();
        await alice.SeesAsync("bob's 119");
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Previously, on a slow connection the second message of a private conversation went to the lobby.</summary>
    [Fact]
    public async Task Text_sent_after_pm_goes_to_the_private_conversation()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await Visitor.JoinAsync(site, "bob");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Page.RouteAsync("**/chat/send_msg/", async route =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System);
            await route.ContinueAsync();
        });
        await alice.SayAsync("/pm bob hi");
        await alice.SayAsync("secret");
        await Expect(alice.Title).ToHaveTextAsync("bob");
        await alice.SeesAsync("secret");
        Assert.Equal(["hi", "secret"], await alice.TextsAsync());
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(alice.Page.Locator("#lines .message")).ToHaveCountAsync(0);

        // The command leads nowhere: the text meant for that conversation is given back.
        await alice.SayAsync("/pm nobody hi");
        await alice.SayAsync("for nobody");
        await alice.SeesAsync("There is no user nobody.");
        await Expect(alice.Input).ToHaveValueAsync("for nobody");
        await Expect(alice.Page.Locator("#hint")).ToContainTextAsync("Not sent");
        await Expect(alice.Page.Locator("#lines .message, #pending .message")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Previously, text written after a refused /pm was given back only after 6 s, although the refusal came at once.</summary>
    [Fact]
    public async Task Text_sent_after_a_refused_pm_is_given_back_with_the_refusal()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/pm nobody hi");
        await alice.SayAsync("for nobody");
        await alice.SeesAsync("There is no user nobody.");
        await Expect(alice.Input).ToHaveValueAsync("for nobody", new() { Timeout = 3000 });
        await Expect(alice.Page.Locator("#hint")).ToContainTextAsync("Not sent");
        await alice.SayAsync("to everyone");
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync(["to everyone"], new() { Timeout = 3000 });
        Assert.Empty(alice.Complaints);
    }

    /// <summary>
    /// Previously, while a command was under way, text written in any other conversation was held back too, and then sent to the
    /// conversation the command opened: a secret for anna went to the new room.
    /// </summary>
    [Fact]
    public async Task Text_sent_in_another_conversation_meanwhile_goes_there()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor anna = await Visitor.JoinAsync(site, "anna");
        await Visitor.JoinAsync(site, "bob");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await anna.WhisperAsync("alice", "hello");
        await Expect(alice.Conversation("@anna")).ToBeVisibleAsync();
        await alice.Page.RouteAsync("**/chat/send_msg/", async route =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1000), TimeProvider.System);
            await route.ContinueAsync();
        });
        await alice.SayAsync("/join cafe");
        await alice.SayAsync("for the cafe");
        await alice.Conversation("@anna").ClickAsync();
        await alice.SayAsync("a secret");

        // The user's own message to anna is not an answer to this command.
        await alice.SayAsync("/pm bob psst");
        await alice.SayAsync("for bob");
        await Expect(alice.Conversation("@bob")).ToBeVisibleAsync();
        await Expect(alice.Conversation("#cafe")).ToBeVisibleAsync();
        await alice.Conversation("#cafe").ClickAsync();
        await alice.SeesAsync("for the cafe");
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync(["for the cafe"]);
        await alice.Conversation("@anna").ClickAsync();
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync(["hello", "a secret"]);
        await alice.Conversation("@bob").ClickAsync();
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync(["psst", "for bob"]);

        // The text is given back where it was written, not in the open conversation.
        await alice.Conversation("#lobby").ClickAsync();
        await alice.SayAsync("/pm nobody hi");
        await alice.SayAsync("for nobody");
        await alice.Conversation("@anna").ClickAsync();
        await Expect(alice.Page.Locator("#hint")).ToContainTextAsync("Not sent");
        await Expect(alice.Input).ToHaveValueAsync("");
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(alice.Input).ToHaveValueAsync("for nobody");

        // A command that leads to a room the user is already in opens that room, and the next message is sent there.
        await alice.Input.FillAsync("");
        await alice.SayAsync("/join CAFE");
        await Expect(alice.Title).ToHaveTextAsync("#cafe");
        await alice.SayAsync("again");
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync(["for the cafe", "again"]);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Previously, a first private message that came while no tab was open was never shown.</summary>
    [Fact]
    public async Task Private_messages_that_came_while_no_page_was_open_are_shown_as_unread()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor bob = await Visitor.JoinAsync(site, "bob"), carol = await Visitor.JoinAsync(site, "carol");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await bob.WhisperAsync("alice", "bob's old");
        await alice.Conversation("@bob").ClickAsync();
        await alice.SeesAsync("bob's old");
        await alice.Conversation("#lobby").ClickAsync();
        await alice.Page.CloseAsync();
        await carol.WhisperAsync("alice", "carol's first");
        await bob.WhisperAsync("alice", "bob's new");

        alice = await ChatPage.OpenTabAsync(person, site);
        await Expect(alice.Conversation("@carol")).ToContainTextAsync("1 unread message");
        await Expect(alice.Conversation("@bob")).ToContainTextAsync("1 unread message");
        await alice.Conversation("@carol").ClickAsync();
        await alice.SeesAsync("carol's first");
        await alice.Conversation("@bob").ClickAsync();
        await alice.SeesAsync("bob's new");
        Assert.Equal(["bob's old", "bob's new"], await alice.TextsAsync());
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Previously, if the server rejected the request for a module (429), the page did nothing.</summary>
    [Fact]
    public async Task A_page_with_missing_scripts_reloads_itself_once()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        int asked = 0;
        await person.RouteAsync("**/bundles/chat.js", async route =>
        {
            // The login page fetches it in advance, and can do without.
            bool isAdvance = !new Uri(route.Request.Frame.Url).AbsolutePath.StartsWith("/chat", StringComparison.Ordinal);
            if (isAdvance || Interlocked.Increment(ref asked) == 1)
                await route.FulfillAsync(new RouteFulfillOptions { Status = 429 });
            else
                await route.ContinueAsync();
        });
        await ChatPage.LogInAsync(person, site, "alice");
        Assert.Equal(2, asked);
    }

    /// <summary>Previously, a dialog that could not be loaded did not open, and the user was not told.</summary>
    [Fact]
    public async Task The_user_is_told_when_a_dialog_cannot_be_loaded()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        await person.RouteAsync("**/lazy/*.js", route => route.AbortAsync());
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Page.ClickAsync("#settings-open");
        await Expect(alice.Page.Locator("#hint")).ToContainTextAsync("could not be reached");
    }

    /// <summary>Previously, a pasted screenshot was ignored silently, and a dropped file replaced the page.</summary>
    [Fact]
    public async Task Files_are_refused_with_a_message_and_text_goes_into_the_box()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ILocator hint = alice.Page.Locator("#hint");
        const string file = "new File(['x'], 'x.png', { type: 'image/png' })";
        foreach ((string target, string type, string init) in new[]
        {
            ("#input", "paste", "clipboardData"), ("#messages", "drop", "dataTransfer"), ("#input", "drop", "dataTransfer"),
            ("#sidebar", "drop", "dataTransfer"),
        })
        {
            Assert.False(await SendAsync(alice, target, type, init, $"data.items.add({file})"));
            await Expect(hint).ToHaveTextAsync("Files and pictures cannot be sent yet.");
            await Expect(hint).ToHaveAttributeAsync("role", "status");
            await alice.Page.EvaluateAsync("document.querySelector('#hint').textContent = ''");
        }

        // The browser allows a drop only if the page handled the dragover.
        Assert.False(await SendAsync(alice, "#messages", "dragover", "dataTransfer", $"data.items.add({file})"));
        Assert.False(await SendAsync(alice, "#messages", "dragover", "dataTransfer", "data.setData('text/plain', 'a')"));

        // Text is left to the box, or put there. A table that comes with a picture counts as text.
        Assert.True(
            await SendAsync(alice, "#input", "paste", "clipboardData", $"data.setData('text/plain', 'a b'); data.items.add({file})"));
        Assert.True(await SendAsync(alice, "#input", "drop", "dataTransfer", "data.setData('text/plain', 'a')"));
        Assert.False(await SendAsync(alice, "#messages", "drop", "dataTransfer", "data.setData('text/uri-list', 'https://example.org/a')"));
        await Expect(alice.Input).ToHaveValueAsync("https://example.org/a");
        await Expect(hint).ToHaveTextAsync("");
        Assert.EndsWith("/chat/", alice.Page.Url, StringComparison.Ordinal);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Whether the browser would handle the event by default.</summary>
    private static Task<bool> SendAsync(
        ChatPage page, string target, string type, string member, string fill) => page.Page.EvaluateAsync<bool>($$"""
        () => {
          const data = new DataTransfer();
          {{fill}};
          const event = new {{(member == "clipboardData" ? "ClipboardEvent" : "DragEvent")}}(
            "{{type}}", { {{member}}: data, bubbles: true, cancelable: true });
          return document.querySelector("{{target}}").dispatchEvent(event);
        }
        """);
}

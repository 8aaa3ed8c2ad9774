using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>What comes while the page is gone, or goes out while it does not know yet where to.</summary>
public sealed class GapTests(Browser browser)
{
    /// <summary>
    /// Private messages of a gap were not shown until the page was loaded again; those of people who wrote for the first time not even
    /// then.
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

    /// <summary>On a slow line the second line of a private talk was said to the lobby.</summary>
    [Fact]
    public async Task What_is_sent_behind_pm_goes_where_that_leads()
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

        // It leads nowhere: what was meant for there is given back.
        await alice.SayAsync("/pm nobody hi");
        await alice.SayAsync("for nobody");
        await alice.SeesAsync("There is no user nobody.");
        await Expect(alice.Input).ToHaveValueAsync("for nobody");
        await Expect(alice.Page.Locator("#hint")).ToContainTextAsync("Not sent");
        await Expect(alice.Page.Locator("#lines .message, #pending .message")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>
    /// While a command was under way, what was written in any other conversation was held too and then said where the command led: a
    /// secret for anna in the new room.
    /// </summary>
    [Fact]
    public async Task What_is_sent_elsewhere_meanwhile_goes_there()
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

        // The own message to anna is no answer to this command.
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

        // Given back to where it was written, not to where one is.
        await alice.Conversation("#lobby").ClickAsync();
        await alice.SayAsync("/pm nobody hi");
        await alice.SayAsync("for nobody");
        await alice.Conversation("@anna").ClickAsync();
        await Expect(alice.Page.Locator("#hint")).ToContainTextAsync("Not sent");
        await Expect(alice.Input).ToHaveValueAsync("");
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(alice.Input).ToHaveValueAsync("for nobody");

        // A room one is in already is turned to, and what comes next is said there.
        await alice.Input.FillAsync("");
        await alice.SayAsync("/join CAFE");
        await Expect(alice.Title).ToHaveTextAsync("#cafe");
        await alice.SayAsync("again");
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync(["for the cafe", "again"]);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>A first message that came while no tab was open was never shown.</summary>
    [Fact]
    public async Task Private_messages_that_came_while_no_page_was_open_are_there_and_unread()
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

    /// <summary>A module that the server put off (429) left a page that did nothing.</summary>
    [Fact]
    public async Task A_page_whose_scripts_did_not_all_come_loads_itself_once_more()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        int refused = 0;
        await person.RouteAsync("**/transport/poll*.js", async route =>
        {
            if (Interlocked.Increment(ref refused) == 1)
                await route.FulfillAsync(new RouteFulfillOptions { Status = 429 });
            else
                await route.ContinueAsync();
        });
        await ChatPage.LogInAsync(person, site, "alice");
        Assert.InRange(refused, 2, 3);
    }

    /// <summary>A dialog that could not be loaded did not open, and nothing was said.</summary>
    [Fact]
    public async Task A_dialog_that_cannot_be_loaded_says_so()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        await person.RouteAsync("**/lazy/*.js", route => route.AbortAsync());
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Page.ClickAsync("#settings-open");
        await Expect(alice.Page.Locator("#hint")).ToContainTextAsync("could not be reached");
    }

    /// <summary>A pasted screenshot was passed over in silence, and a dropped file took the page away.</summary>
    [Fact]
    public async Task Files_are_refused_with_a_word_and_text_goes_into_the_box()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ILocator hint = alice.Page.Locator("#hint");
        const string file = "new File(['x'], 'x.png', { type: 'image/png' })";
        foreach ((string target, string type, string init) in new[]
        {
            ("#input", "paste", "clipboardData"), ("#messages", "drop", "dataTransfer"), ("#input", "drop", "dataTransfer"), ("#sidebar", "drop", "dataTransfer"),
        })
        {
            Assert.False(await SendAsync(alice, target, type, init, $"data.items.add({file})"));
            await Expect(hint).ToHaveTextAsync("Files and pictures cannot be sent yet.");
            await Expect(hint).ToHaveAttributeAsync("role", "status");
            await alice.Page.EvaluateAsync("document.querySelector('#hint').textContent = ''");
        }

        // The browser lets a drop through only where dragging over was taken.
        Assert.False(await SendAsync(alice, "#messages", "dragover", "dataTransfer", $"data.items.add({file})"));
        Assert.False(await SendAsync(alice, "#messages", "dragover", "dataTransfer", "data.setData('text/plain', 'a')"));

        // Text is left to the box, or put there; a table with its picture is text.
        Assert.True(await SendAsync(alice, "#input", "paste", "clipboardData", $"data.setData('text/plain', 'a b'); data.items.add({file})"));
        Assert.True(await SendAsync(alice, "#input", "drop", "dataTransfer", "data.setData('text/plain', 'a')"));
        Assert.False(await SendAsync(alice, "#messages", "drop", "dataTransfer", "data.setData('text/uri-list', 'https://example.org/a')"));
        await Expect(alice.Input).ToHaveValueAsync("https://example.org/a");
        await Expect(hint).ToHaveTextAsync("");
        Assert.EndsWith("/chat/", alice.Page.Url, StringComparison.Ordinal);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Whether the browser would go on with the event by itself.</summary>
    private static Task<bool> SendAsync(ChatPage page, string target, string type, string member, string fill) => page.Page.EvaluateAsync<bool>($$"""
        () => {
          const data = new DataTransfer();
          {{fill}};
          const event = new {{(member == "clipboardData" ? "ClipboardEvent" : "DragEvent")}}("{{type}}", { {{member}}: data, bubbles: true, cancelable: true });
          return document.querySelector("{{target}}").dispatchEvent(event);
        }
        """);
}

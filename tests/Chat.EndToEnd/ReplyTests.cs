using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Messages that answer others.</summary>
public sealed class ReplyTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_reply_quotes_its_parent_until_that_is_deleted(ColorScheme theme, int width)
    {
        using var log = new TemporaryLog();
        await using ChatSite site = await ChatSite.StartAsync([.. log.Options]);
        await using Person one = await browser.NewPersonAsync(MessageActions.Window(theme, width));
        await using Person other = await browser.NewPersonAsync();
        ChatPage first = await ChatPage.LogInAsync(one, site, "constructor");
        ChatPage second = await ChatPage.LogInAsync(other, site, "bob");
        string parent = "Who brings the cake? " + new string('x', 200);
        await second.SayAsync(parent);
        await first.SeesAsync("Who brings the cake?");
        await first.ReplyAsync("Who brings the cake?");
        ILocator bar = first.Page.Locator(".replying");
        await Expect(bar).ToContainTextAsync("Reply to bob: Who brings the cake?");
        await Expect(first.Input).ToBeFocusedAsync();
        await Axe.CheckAsync(first, "replying");
        await first.PictureAsync($"replying-{theme}-{width}");

        // It stays while the user is elsewhere, and a command is no reply.
        await first.SayAsync("/join dev");
        await Expect(first.Title).ToHaveTextAsync("#dev");
        await Expect(bar).ToHaveCountAsync(0);
        await first.Page.EvaluateAsync("document.querySelector('#sidebar [data-key=\"#lobby\"]').click()");
        await Expect(bar).ToContainTextAsync("Reply to bob");
        await first.SayAsync("I do");
        await Expect(bar).ToHaveCountAsync(0);
        foreach (ChatPage page in new[] { first, second })
            await Expect(QuoteOf(page, "I do")).ToContainTextAsync("bob: Who brings the cake?");
        await first.SayAsync("an ordinary message");
        await second.SeesAsync("an ordinary message");
        await Expect(second.Page.Locator(".quote")).ToHaveCountAsync(1);
        await first.MessageOf("an ordinary message").HoverAsync();
        await Axe.CheckAsync(first, "reply", first.Messages);
        await first.PictureAsync($"reply-{theme}-{width}");

        await QuoteOf(second, "I do").ClickAsync();
        await Expect(second.Page.Locator(".found")).ToContainTextAsync("Who brings the cake?");

        // An edit is quoted as it is now.
        await second.Page.Keyboard.PressAsync("Escape");
        await second.ChooseAsync("Who brings the cake?", "Edit");
        await second.SayAsync("Who brings **pie**?");
        await Expect(QuoteOf(first, "I do")).ToContainTextAsync("bob: Who brings **pie**?");

        await site.RestartAsync([.. log.Options]);
        await first.Page.ReloadAsync();
        await Expect(first.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(QuoteOf(first, "I do")).ToContainTextAsync("bob: Who brings **pie**?");

        await second.ChooseAsync("pie", "Delete…");
        await second.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        foreach (ChatPage page in new[] { first, second })
        {
            await Expect(QuoteOf(page, "I do")).ToHaveTextAsync("bob: deleted message");
            await Expect(page.Messages).Not.ToContainTextAsync("pie");
        }

        await first.Page.ReloadAsync();
        await Expect(QuoteOf(first, "I do")).ToHaveTextAsync("bob: deleted message");
        Assert.Empty(first.Complaints);
        Assert.Empty(second.Complaints);
    }

    [Fact]
    public async Task Escape_and_the_button_cancel_a_reply_and_the_keyboard_alone_sends_one()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.WhisperAsync("alice", "are you there?");
        await alice.Conversation("@guest").ClickAsync();
        await alice.SeesAsync("are you there?");
        ILocator bar = alice.Page.Locator(".replying");
        await alice.ReplyAsync("are you there?");
        await Expect(bar).ToBeVisibleAsync();
        IKeyboard keyboard = alice.Page.Keyboard;
        await keyboard.TypeAsync("a draft");
        await keyboard.PressAsync("Escape");
        await Expect(bar).ToHaveCountAsync(0);
        await Expect(alice.Input).ToHaveValueAsync("a draft");
        await alice.ReplyAsync("are you there?");
        await bar.GetByRole(AriaRole.Button, new() { Name = "Do not reply" }).ClickAsync();
        await Expect(bar).ToHaveCountAsync(0);
        await Expect(alice.Input).ToBeFocusedAsync();

        await alice.Page.Mouse.MoveAsync(5, 5);
        await alice.Messages.FocusAsync();
        await keyboard.PressAsync("ArrowUp");
        await Expect(alice.Page.Locator(".actions button")).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowLeft");
        await keyboard.PressAsync("Enter");
        await Expect(bar).ToBeVisibleAsync();
        await keyboard.PressAsync("Enter");
        await Expect(QuoteOf(alice, "a draft")).ToHaveTextAsync("guest: are you there?");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_parent_that_is_not_on_the_page_is_quoted_and_loaded()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:RateLimitCount=1000", "--Chat:HistoryPerRoom=1000", "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.SayAsync("long ago");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        await alice.SeesAsync("long ago");
        await alice.ReplyAsync("long ago");
        for (int i = 0; i < 260; i++)
            await guest.SayAsync($"line {i}");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await bob.SeesAsync("line 259");
        await alice.SayAsync("about that");
        await Expect(QuoteOf(bob, "about that")).ToHaveTextAsync("guest: long ago");
        await Expect(bob.MessageOf("long ago").Filter(new() { HasNotText = "about that" })).ToHaveCountAsync(0);
        await QuoteOf(bob, "about that").ClickAsync();
        await Expect(bob.Page.Locator(".found")).ToContainTextAsync("long ago");
        await Expect(bob.Page.Locator(".found")).ToBeInViewportAsync();
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task What_one_is_about_to_reply_to_survives_a_reload()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("a question");
        await guest.WhisperAsync("alice", "a secret question");
        await alice.SeesAsync("a question");
        await alice.ReplyAsync("a question");
        await alice.Input.FillAsync("half an ans");
        await alice.Conversation("@guest").ClickAsync();
        await alice.ReplyAsync("a secret question");
        ILocator bar = alice.Page.Locator(".replying");
        await Expect(bar).ToContainTextAsync("guest: a secret question");
        await alice.Page.ReloadAsync();
        await Expect(bar).ToContainTextAsync("Reply to guest: a secret question");
        Assert.DoesNotContain("question", await alice.Page.EvaluateAsync<string>("sessionStorage.getItem('erlchat.replies')"));
        await bar.GetByRole(AriaRole.Button).ClickAsync();
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(bar).ToContainTextAsync("Reply to guest: a question");
        await Expect(alice.Input).ToHaveValueAsync("half an ans");

        // What was sent, or given up, does not come back.
        await alice.SayAsync("the answer");
        await Expect(QuoteOf(alice, "the answer")).ToHaveTextAsync("guest: a question");
        await alice.Page.ReloadAsync();
        await alice.SeesAsync("the answer");
        await Expect(bar).ToHaveCountAsync(0);
        await alice.Conversation("@guest").ClickAsync();
        await Expect(alice.Title).ToHaveTextAsync("guest");
        await Expect(bar).ToHaveCountAsync(0);

        // Of a message that was deleted meanwhile, nothing is shown.
        await alice.Conversation("#lobby").ClickAsync();
        await alice.ReplyAsync("the answer");
        long id = await alice.MessageOf("the answer").EvaluateAsync<long>("message => Number(message.closest('.row').dataset.id)");
        await alice.Page.EvaluateAsync(
            "id => fetch('/chat/delete_msg/', { method: 'POST', body: new URLSearchParams({ id }) })", id);
        await Expect(alice.MessageOf("the answer")).ToHaveCountAsync(0);
        await alice.Page.ReloadAsync();
        await Expect(bar).ToContainTextAsync("deleted");
        Assert.Empty(alice.Complaints);
    }

    /// <summary>The parent may be gone by the time the reply is sent. Then nothing is sent, and nothing of it is lost.</summary>
    [Fact]
    public async Task A_refused_reply_can_be_edited_and_is_still_one()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("question");
        await alice.SeesAsync("question");
        await alice.ReplyAsync("question");
        await person.RouteAsync("**/chat/send_msg/", static route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json",
            Body = """{"status":"error","response":"no_such_message"}""",
        }));
        await alice.SayAsync("answer");
        await Expect(alice.Page.Locator("#pending .fate")).ToContainTextAsync("Not sent");
        await Expect(alice.Page.Locator(".replying")).ToHaveCountAsync(0);
        await alice.Page.ClickAsync("#pending button:text-is('Edit')");
        await Expect(alice.Input).ToHaveValueAsync("answer");
        await Expect(alice.Page.Locator(".replying")).ToContainTextAsync("Reply to alice: question");
        Assert.Empty(alice.Complaints);
    }

    private static ILocator QuoteOf(ChatPage page, string text) => page.MessageOf(text).Locator(".quote");
}

using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Messages far back in a long history: the page shows the part around them, and leads from there to the present.</summary>
public sealed class FarBackTests(Browser browser)
{
    /// <summary>The numbers of the messages that are drawn, in their order.</summary>
    private const string Numbers =
        "[...document.querySelectorAll('#lines .message .text')].map(text => Number(/^number (\\d+)/.exec(text.textContent)?.[1] ?? -1))";

    private static string[] Options(int messages) =>
    [
        "--Chat:RateLimitCount=100000", $"--Chat:HistoryPerRoom={messages + 100}", "--Chat:HistoryBytesPerRoom=16777216",
        "--Limits:Enabled=false",
    ];

    [Fact]
    public async Task A_link_far_back_in_a_room_of_ten_thousand_messages_opens_with_one_page()
    {
        await using ChatSite site = await ChatSite.StartAsync(Options(10_000));
        await TalkAsync(site, 0, 10_000);
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SeesAsync("number 9999");
        long id = await IdOfAsync(alice, 123);
        int before = site.Requests.Of("/chat/history/").Count;
        await alice.Page.GotoAsync($"{site.Address}/chat/r/lobby/{id}");
        await Expect(alice.Page.Locator(".found .text")).ToHaveTextAsync("number 123");
        await Expect(alice.Page.Locator(".found")).ToBeInViewportAsync();

        // One when the page enters, one around the message; and what the window is short of at its ends.
        Assert.InRange(site.Requests.Of("/chat/history/").Count - before, 2, 6);
        await alice.Page.ClickAsync("#latest");
        await alice.SeesAsync("number 9999");
        await Expect(alice.Page.Locator("#latest")).ToBeHiddenAsync();
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task From_there_one_scrolls_to_the_present_without_a_gap_or_a_repeat()
    {
        await using ChatSite site = await ChatSite.StartAsync(Options(900));
        Visitor guest = await TalkAsync(site, 0, 700);
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SeesAsync("number 699");
        await alice.Page.GotoAsync($"{site.Address}/chat/r/lobby/{await IdOfAsync(alice, 350)}");
        await Expect(alice.Page.Locator(".found")).ToBeInViewportAsync();
        await guest.SayAsync("number 700");

        // Up to the beginning, then down to the end.
        var seen = new HashSet<int>();
        await alice.Messages.HoverAsync();
        await ScrollAsync(-3000, 0);
        await alice.SeesAsync("This is the beginning of #lobby.");
        Assert.DoesNotContain(699, seen);
        await guest.SayAsync("number 701");
        await ScrollAsync(3000, 701);
        Assert.Equal(Enumerable.Range(0, 702), seen.Order());
        await alice.Page.Mouse.WheelAsync(0, 30_000);
        await Expect(alice.Page.Locator("#latest")).ToBeHiddenAsync();

        // It is the present: what is said now follows.
        await guest.SayAsync("number 702");
        await Expect(alice.Page.Locator("#lines .message .text").Last).ToHaveTextAsync("number 702");
        await Expect(alice.Page.Locator("#lines .message .text").Last).ToBeInViewportAsync();
        Assert.Empty(alice.Complaints);

        async Task ScrollAsync(int by, int until)
        {
            for (int turns = 0; !seen.Contains(until); turns++)
            {
                Assert.True(turns < 300, $"{until} is not reached, only {seen.Count}");
                await alice.Page.Mouse.WheelAsync(0, by);
                await alice.Page.WaitForTimeoutAsync(60);
                int[] drawn = await alice.Page.EvaluateAsync<int[]>(Numbers);
                Assert.Equal(Enumerable.Range(drawn[0], drawn.Length), drawn);
                Assert.InRange(drawn.Length, 10, 260);
                seen.UnionWith(drawn);
            }
        }
    }

    [Fact]
    public async Task What_happens_meanwhile_is_shown_there_and_counts_as_unread()
    {
        await using ChatSite site = await ChatSite.StartAsync(Options(700));
        Visitor guest = await TalkAsync(site, 0, 600);
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await bob.SayAsync("my typo");
        await Expect(bob.MessageOf("my typo")).ToBeVisibleAsync();
        await TalkAsync(site, 600, 900, guest);
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        await alice.SeesAsync("number 899");
        await alice.Page.Keyboard.PressAsync("Alt+/");
        await alice.Page.Keyboard.TypeAsync("typo");
        await alice.Page.Keyboard.PressAsync("Enter");
        await alice.Dialog.Locator(".entry").ClickAsync();
        ILocator found = alice.Page.Locator(".message.found");
        await Expect(found).ToContainTextAsync("my typo");
        await Expect(alice.Page.Locator("#lines")).Not.ToContainTextAsync("number 899");

        // An edit, a reaction, and a message at the end.
        long id = await alice.Page.Locator(".row:has(.found)").EvaluateAsync<long>("row => Number(row.dataset.id)");
        await alice.ReactAsync("my typo", "👍");
        await bob.Page.EvaluateAsync(
            "id => fetch('/chat/edit_msg/', { method: 'POST', body: new URLSearchParams({ id, msg: 'my correction' }) })", id);
        await Expect(alice.MessageOf("my correction").Locator(".reaction")).ToContainTextAsync("1");
        await guest.SayAsync("news");
        await Expect(alice.Conversation("#lobby")).ToContainTextAsync("1");
        await Expect(alice.Page.Locator("#lines")).Not.ToContainTextAsync("news");
        await Axe.CheckAsync(alice, "a part far back");

        // Escape leads to the present, and so does writing.
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.SeesAsync("news");
        await Expect(alice.Conversation("#lobby").Locator(".badge")).ToHaveCountAsync(0);
        await Expect(alice.MessageOf("my correction")).ToHaveCountAsync(0);
        await alice.Page.GotoAsync($"{site.Address}/chat/r/lobby/{id}");
        await Expect(found).ToContainTextAsync("my correction");
        await alice.SayAsync("I am back");
        await Expect(alice.Page.Locator("#lines .message .text").Last).ToHaveTextAsync("I am back");
        await Expect(alice.Page.Locator("#lines .message .text").Last).ToBeInViewportAsync();
        await alice.SeesAsync("news");

        // Another conversation and back: it opens at its end.
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.Page.GoBackAsync();
        await alice.SeesAsync("I am back");
        Assert.Empty(alice.Complaints);
    }

    // The part must not be taken for the end of the conversation.
    [Fact]
    public async Task From_a_private_message_of_a_closed_conversation_the_newest_are_reached_too()
    {
        await using ChatSite site = await ChatSite.StartAsync(Options(400));
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        for (int i = 0; i < 300; i++)
            await guest.WhisperAsync("alice", string.Create(CultureInfo.InvariantCulture, $"number {i}"));
        await alice.Conversation("@guest").ClickAsync();
        await alice.SeesAsync("number 299");
        await alice.Page.ClickAsync("#leave-room");
        await Expect(alice.Conversation("@guest")).ToHaveCountAsync(0);
        await alice.Page.Keyboard.PressAsync("Alt+/");
        await alice.Page.Keyboard.TypeAsync("\"number 100\"");
        await alice.Page.Keyboard.PressAsync("Enter");
        await alice.Dialog.Locator(".entry").ClickAsync();
        await Expect(alice.Page.Locator(".message.found")).ToContainTextAsync("number 100");
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.SeesAsync("number 299");
        Assert.Empty(alice.Complaints);
    }

    private static async Task<Visitor> TalkAsync(ChatSite site, int from, int to, Visitor? who = null)
    {
        who ??= await Visitor.JoinAsync(site, "guest");
        for (int i = from; i < to; i++)
            await who.SayAsync(string.Create(CultureInfo.InvariantCulture, $"number {i}"));
        return who;
    }

    private static Task<long> IdOfAsync(ChatPage page, int number) => page.Page.EvaluateAsync<long>(
        "text => fetch(`/chat/search/?q=\"${text}\"`).then(answer => answer.json())"
            + ".then(({ response }) => response.find(({ d }) => d.msg === text).id)",
        string.Create(CultureInfo.InvariantCulture, $"number {number}"));
}

using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>How messages look: groups, markup, messages on their way, long histories.</summary>
public sealed class MessagesTests(Browser browser)
{
    [Fact]
    public async Task Messages_are_grouped_timed_and_marked_up()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("first");
        await guest.SayAsync("second: `a<b` *bold _both_* _italic_ 2 * 3 * 4 snake_case_name :tada: 10:30:45");
        await guest.SayAsync("see https://example.org/a_b_(c)?x=1&y=%3Cz%3E. Or javascript:alert(1)");
        await guest.SayAsync("```\nif (a < b)\n  *run*\n```");
        await guest.SayAsync("/me waves");
        await guest.SayAsync(":heart::+1:");
        await alice.SeesAsync("waves");
        ILocator rows = alice.Page.Locator("#lines .message");
        await Expect(rows).ToHaveCountAsync(6);

        await Expect(alice.Page.Locator("#lines .day")).ToHaveTextAsync("Today");
        await Expect(alice.Page.Locator("#lines .message.head")).ToHaveCountAsync(2);
        await Expect(rows.Nth(0).Locator("time")).ToHaveAttributeAsync(
            "title", new System.Text.RegularExpressions.Regex(@"\d{4}.*:\d\d:\d\d"));
        await Expect(rows.Nth(1).Locator(".text")).ToHaveTextAsync("second: a<b bold both italic 2 * 3 * 4 snake_case_name 🎉 10:30:45");
        await Expect(rows.Nth(1).Locator("code")).ToHaveTextAsync("a<b");
        await Expect(rows.Nth(1).Locator("strong em")).ToHaveTextAsync("both");
        ILocator link = rows.Nth(2).Locator(".text a");
        await Expect(link).ToHaveCountAsync(1);
        await Expect(link).ToHaveAttributeAsync("href", "https://example.org/a_b_(c)?x=1&y=%3Cz%3E");
        await Expect(link).ToHaveAttributeAsync("rel", new System.Text.RegularExpressions.Regex("noopener"));
        Assert.Equal("if (a < b)\n  *run*", await rows.Nth(3).Locator("pre").TextContentAsync());
        await Expect(rows.Nth(4)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("guest waves"));
        await Expect(rows.Nth(5)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("emoji-only"));
        await alice.SayAsync("my own");
        await Expect(alice.Page.Locator("#lines .message.own")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_message_on_its_way_is_shown_and_a_failed_one_can_be_retried()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:AdminPassword=demopass");
        Visitor admin = await Visitor.JoinAsync(site, "boss");
        await admin.SayAsync("/auth demopass");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");

        // The message is held back on its way. It is shown at once, and still only once when it has arrived.
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await alice.Page.RouteAsync("**/chat/send_msg/", async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });
        await alice.SayAsync("on its way");
        await Expect(alice.Page.Locator("#pending .pending .text")).ToHaveTextAsync("on its way");
        await Expect(alice.Page.Locator("#pending .fate")).ToHaveTextAsync("Sending…");
        gate.SetResult();
        await Expect(alice.Page.Locator("#lines .own .text")).ToHaveTextAsync("on its way");
        await Expect(alice.Page.Locator("#pending .message")).ToHaveCountAsync(0);
        await alice.Page.UnrouteAllAsync();

        await admin.SayAsync("/admin mute alice 600");
        await alice.SayAsync("not allowed");
        await Expect(alice.Page.Locator(".failed .fate")).ToContainTextAsync("Not sent: you are muted.");
        await alice.PictureAsync("message-failed");
        await admin.SayAsync("/admin mute alice 0");
        await alice.Page.ClickAsync(".failed button:has-text('Try again')");
        await Expect(alice.Page.Locator("#lines .own .text").Last).ToHaveTextAsync("not allowed");
        await Expect(alice.Page.Locator("#pending .message")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_lost_answer_does_not_send_a_message_twice_and_many_messages_keep_their_order()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:RetryFirst=00:00:00.1", "--Chat:RateLimitCount=5", "--Chat:RateLimitWindow=00:00:01");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        int dropped = 0;
        await alice.Page.RouteAsync("**/chat/send_msg/", async route =>
        {
            if (dropped++ > 1)
            {
                await route.ContinueAsync();
                return;
            }

            await route.FetchAsync();
            await route.AbortAsync("connectionreset");
        });
        string[] texts = [.. Enumerable.Range(1, 8).Select(i => $"number {i}")];
        foreach (string text in texts)
            await alice.SayAsync(text);
        await Expect(alice.Page.Locator("#pending .message")).ToHaveCountAsync(0);
        await Expect(alice.Page.Locator("#lines .own")).ToHaveCountAsync(8);
        Assert.Equal(texts, await alice.TextsAsync());
    }

    [Fact]
    public async Task Only_a_window_of_a_long_history_is_in_the_page_and_it_keeps_its_place() =>
        await LongHistory.ScrollAsync(browser, messages: 1000, steps: 150, mostMilliseconds: null);

    [Fact(Timeout = 600_000)]
    [Trait("Category", "Soak")]
    public async Task Ten_thousand_messages_scroll_smoothly() =>
        await LongHistory.ScrollAsync(browser, messages: 10_000, steps: 1500, mostMilliseconds: 50);

    [Fact]
    public async Task New_messages_do_not_scroll_the_page_while_the_user_reads_older_ones()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=10000", "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        for (int i = 0; i < 120; i++)
            await guest.SayAsync($"message {i}");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await Expect(alice.Page.Locator("#latest")).ToBeHiddenAsync();
        await alice.Messages.EvaluateAsync("box => { box.scrollTop -= 700; }");
        await Expect(alice.Page.Locator("#latest")).ToHaveTextAsync("Jump to newest ↓");
        const string topmost = """
            box => {
              const top = box.getBoundingClientRect().top;
              const row = [...box.querySelectorAll('.row')].find(r => r.getBoundingClientRect().bottom > top);
              return row.dataset.id + ' ' + Math.round(row.getBoundingClientRect().top - top);
            }
            """;
        string before = await alice.Messages.EvaluateAsync<string>(topmost);
        await guest.SayAsync("news");
        await guest.SayAsync("more news");
        await Expect(alice.Page.Locator("#latest")).ToHaveTextAsync("2 new messages ↓");
        Assert.Equal(before, await alice.Messages.EvaluateAsync<string>(topmost));
        await alice.Page.ClickAsync("#latest");
        await Expect(alice.Page.GetByText("more news", new PageGetByTextOptions { Exact = true }).First).ToBeInViewportAsync();
        await Expect(alice.Page.Locator("#latest")).ToBeHiddenAsync();
    }
}

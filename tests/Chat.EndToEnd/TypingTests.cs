using ErlChat.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The line that says who is typing.</summary>
public sealed class TypingTests(Browser browser)
{
    private static readonly string s_count = ChatPage.CountCalls("/chat/typing/");

    [Fact]
    public async Task Others_in_the_room_see_who_types_until_the_message_comes()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:TypingLifetime=00:00:04.5");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        await one.AddInitScriptAsync(s_count);
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        ChatPage bobsTab = await ChatPage.OpenTabAsync(other, site);
        await Expect(alice.Users).ToHaveCountAsync(2);
        await alice.Input.PressSequentiallyAsync("hello");
        await Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
        await Expect(Line(bobsTab)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
        await Expect(Line(alice)).ToBeEmptyAsync();
        await alice.Input.PressAsync("Enter");
        await Expect(bob.Messages).ToContainTextAsync("hello");
        await Expect(Line(bob)).ToBeEmptyAsync(new() { Timeout = 1000 });
        await Expect(Line(bobsTab)).ToBeEmptyAsync();

        // Whoever empties the box has stopped; a command is nobody's business.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        await alice.Input.PressSequentiallyAsync("hm");
        await Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        await alice.Input.FillAsync("");
        await Expect(Line(bob)).ToBeEmptyAsync(new() { Timeout = 3000 });
        int told = await alice.Page.EvaluateAsync<int>("calls");
        await alice.Input.PressSequentiallyAsync("/help");
        Assert.Equal(told, await alice.Page.EvaluateAsync<int>("calls"));
        await alice.Input.FillAsync("");
        await alice.Input.PressSequentiallyAsync("help");
        await alice.UntilAsync($"calls === {told + 1}");
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task In_private_only_that_person_sees_it_and_nobody_when_it_is_turned_off()
    {
        await using ChatSite site = await ChatSite.StartAsync("Chat:TypingLifetime=00:00:02");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        await one.AddInitScriptAsync(s_count);
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await alice.SayAsync("/msg bob psst");
        await Expect(alice.Title).ToHaveTextAsync("bob");
        await bob.Conversation("@alice").ClickAsync();
        await Expect(bob.Title).ToHaveTextAsync("alice");
        await alice.Input.PressSequentiallyAsync("a secret");
        await Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
        await bob.Conversation("#lobby").ClickAsync();
        await Expect(Line(bob)).ToBeEmptyAsync();
        await bob.Conversation("@alice").ClickAsync();
        await Expect(Line(bob)).ToBeEmptyAsync(new() { Timeout = 4000 });

        // The first key of the next message would tell it, unless that is turned off.
        await alice.Input.PressAsync("Enter");
        await bob.SeesAsync("a secret");
        await alice.SeesAsync("a secret");
        int told = await alice.Page.EvaluateAsync<int>("calls");
        await SetTypingAsync(alice, false);
        await alice.Input.PressSequentiallyAsync("more");
        Assert.Equal(told, await alice.Page.EvaluateAsync<int>("calls"));
        await SetTypingAsync(alice, true);
        await alice.Input.PressSequentiallyAsync(" and more");
        await alice.UntilAsync($"calls === {told + 1}");
        Assert.Empty(alice.Complaints);
    }

    /// <summary>
    /// Mail goes first, so the signal could come a poll after the message that was typed. The line then stayed for seconds: about one
    /// message in ten looked as if its author was still typing.
    /// </summary>
    [Fact]
    public async Task A_signal_from_before_the_message_is_not_shown()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage bob = await ChatPage.LogInAsync(person, site, "bob");

        // Not a page, which would signal by itself.
        Visitor alice = await Visitor.JoinAsync(site, "alice");
        long number = 0;
        bool sent = false;
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await bob.Page.RouteAsync("**/chat/wait/**", async route =>
        {
            long next = Interlocked.Exchange(ref number, 0);
            if (sent)
                handled.TrySetResult();
            sent |= next != 0;
            await (next == 0 ? route.ContinueAsync() : route.FulfillAsync(new()
            {
                ContentType = "application/json",
                Body = $$$"""
                    {"status":"ok","response":[],"typing":{"number":{{{next}}},"nick":"alice","user_id":"1","room":"lobby","on":true}}
                    """,
            }));
        });

        // The key loads what shows the line.
        await bob.Input.PressAsync("x");
        await Expect(Line(bob)).ToBeAttachedAsync();

        // The poll that is parked brings this message, and is still the server's.
        await alice.SayAsync("one");
        await bob.SeesAsync("one");
        number = 1_700_000_000_000;
        await alice.SayAsync("two");
        await bob.SeesAsync("two");

        // The page polls again when it has read the signal.
        await handled.Task.WithinAsync(Browser.Patience);
        await bob.UntilAsync("true");
        await Expect(Line(bob)).ToBeEmptyAsync(new() { Timeout = 1 });
        number = 9_000_000_000_000;
        await alice.SayAsync("three");
        await Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
    }

    private static async Task SetTypingAsync(ChatPage page, bool on)
    {
        await page.Page.Locator("#settings-open").ClickAsync();
        await page.Page.GetByLabel("Others see when you are typing").SetCheckedAsync(on);
        await page.Page.Keyboard.PressAsync("Escape");
    }

    private static ILocator Line(ChatPage page) => page.Page.Locator(".typing");
}

using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The line that says who is typing.</summary>
public sealed class TypingTests(Browser browser)
{
    [Fact]
    public async Task Others_in_the_room_see_who_types_until_the_message_comes()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        ChatPage bobsTab = await ChatPage.OpenTabAsync(other, site);
        await Expect(alice.Users).ToHaveCountAsync(2);
        await Expect(Line(alice)).ToBeAttachedAsync(new() { Timeout = 15_000 });

        await alice.Input.PressSequentiallyAsync("hello");
        await Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
        await Expect(Line(bobsTab)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
        await Expect(Line(alice)).ToBeEmptyAsync();
        await alice.Input.PressAsync("Enter");
        await Expect(bob.Messages).ToContainTextAsync("hello");
        await Expect(Line(bob)).ToBeEmptyAsync(new() { Timeout = 1000 });
        await Expect(Line(bobsTab)).ToBeEmptyAsync();

        // Whoever empties the box has stopped; a command is nobody's business.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        await alice.Input.PressSequentiallyAsync("hm");
        await Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        await alice.Input.FillAsync("");
        await Expect(Line(bob)).ToBeEmptyAsync(new() { Timeout = 3000 });
        Task<IRequest> quiet = alice.Page.WaitForRequestAsync(request => request.Url.EndsWith("/chat/typing/", StringComparison.Ordinal),
            new() { Timeout = 2500 });
        await alice.Input.PressSequentiallyAsync("/help");
        await Assert.ThrowsAsync<TimeoutException>(() => quiet);
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task In_private_only_that_person_sees_it_and_nobody_when_it_is_turned_off()
    {
        await using ChatSite site = await ChatSite.StartAsync("Chat:TypingLifetime=00:00:02");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await alice.SayAsync("/msg bob psst");
        await Expect(alice.Title).ToHaveTextAsync("bob");
        await bob.Conversation("@alice").ClickAsync();
        await Expect(bob.Title).ToHaveTextAsync("alice");
        await Expect(Line(bob)).ToBeAttachedAsync(new() { Timeout = 15_000 });
        await alice.Input.PressSequentiallyAsync("a secret");
        await Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
        await bob.Conversation("#lobby").ClickAsync();
        await Expect(Line(bob)).ToBeEmptyAsync();
        await bob.Conversation("@alice").ClickAsync();
        await Expect(Line(bob)).ToBeEmptyAsync(new() { Timeout = 4000 });

        await alice.Page.Locator("#settings-open").ClickAsync();
        await alice.Page.GetByLabel("Others see when you are typing").UncheckAsync();
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Input.PressSequentiallyAsync(" more");
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        await alice.Input.PressSequentiallyAsync(" and more");
        await Assert.ThrowsAsync<PlaywrightException>(() => Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…",
            new() { Timeout = 1500 }));
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
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await Expect(Line(bob)).ToBeAttachedAsync(new() { Timeout = 15_000 });
        long number = 0;
        await bob.Page.RouteAsync("**/chat/wait/**", async route =>
        {
            long next = Interlocked.Exchange(ref number, 0);
            await (next == 0 ? route.ContinueAsync() : route.FulfillAsync(new()
            {
                ContentType = "application/json",
                Body = $$$"""
                    {"status":"ok","response":[],"typing":{"number":{{{next}}},"nick":"alice","user_id":"1","room":"lobby","on":true}}
                    """,
            }));
        });

        // The poll that is parked brings this message, and is still the server's.
        await alice.SayAsync("one");
        await bob.SeesAsync("one");
        number = 1_700_000_000_000;
        await alice.SayAsync("two");
        await bob.SeesAsync("two");
        await bob.UntilAsync("true");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.Equal(0, number);
        await Expect(Line(bob)).ToBeEmptyAsync(new() { Timeout = 1 });
        number = 9_000_000_000_000;
        await alice.SayAsync("three");
        await Expect(Line(bob)).ToHaveTextAsync("\u2068alice\u2069 is typing…");
    }

    private static ILocator Line(ChatPage page) => page.Page.Locator(".typing");
}

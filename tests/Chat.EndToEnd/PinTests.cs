using ErlChat.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Pinned messages.</summary>
public sealed class PinTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_moderator_pins_messages_and_everybody_finds_them(ColorScheme theme, int width)
    {
        using var log = new TemporaryLog();
        await using ChatSite site = await ChatSite.StartAsync([.. log.Options]);
        await using Person one = await browser.NewPersonAsync(MessageActions.Window(theme, width));
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        foreach (ChatPage page in new[] { alice, bob })
        {
            await page.SayAsync("/join constructor");
            await Expect(page.Title).ToHaveTextAsync("#constructor");
        }

        await bob.SayAsync("the rules of the house");
        await bob.SayAsync("and of the garden");
        await alice.SeesAsync("and of the garden");
        await Expect(bob.Page.Locator("#pins-open")).ToBeHiddenAsync();
        await alice.ChooseAsync("the rules of the house", "Pin");
        foreach (ChatPage page in new[] { alice, bob })
        {
            await page.SeesAsync("alice pinned a message.");
            await Expect(page.Page.Locator("#pins-open")).ToHaveTextAsync("1");
        }

        await alice.ChooseAsync("and of the garden", "Pin");
        await Expect(bob.Page.Locator("#pins-open")).ToHaveAttributeAsync("aria-label", "Pinned messages: 2");

        // In another room there are none.
        await bob.Conversation("#lobby").ClickAsync();
        await Expect(bob.Page.Locator("#pins-open")).ToBeHiddenAsync();
        await bob.Conversation("#constructor").ClickAsync();
        await bob.Page.Locator("#pins-open").FocusAsync();
        await bob.Page.Keyboard.PressAsync("Enter");
        await Expect(bob.Dialog.Locator(".pinned .text")).ToHaveTextAsync(["and of the garden", "the rules of the house"]);
        await Expect(bob.Dialog.GetByRole(AriaRole.Button, new() { Name = "Unpin" })).ToHaveCountAsync(0);
        await bob.Dialog.Locator(".entry").Last.ClickAsync();
        await Expect(bob.Dialog).ToHaveCountAsync(0);
        await Expect(bob.Page.Locator(".found")).ToContainTextAsync("the rules of the house");

        await site.RestartAsync([.. log.Options]);

        // Whoever opens the page sees at once that something is pinned, before it asks what.
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await one.RouteAsync("**/chat/pins/**", async route =>
        {
            await asked.Task;
            await route.ContinueAsync();
        });
        await alice.Page.ReloadAsync();
        await Expect(alice.Page.Locator("#pins-open")).ToHaveAttributeAsync("aria-label", "Pinned messages: 2");
        asked.SetResult();
        await Expect(alice.Page.Locator("#pins-open")).ToHaveTextAsync("2");

        // So does whoever enters the room.
        await bob.Page.ClickAsync("#leave-room");
        await Expect(bob.Page.Locator("#pins-open")).ToBeHiddenAsync();
        await bob.Page.Locator(".undo button").ClickAsync();
        await Expect(bob.Title).ToHaveTextAsync("#constructor");
        await Expect(bob.Page.Locator("#pins-open")).ToHaveTextAsync("2");
        await alice.Page.ClickAsync("#pins-open");
        await Expect(alice.Dialog.Locator(".pinned")).ToHaveCountAsync(2);
        await Axe.CheckAsync(alice, "pins", alice.Dialog);
        await alice.PictureAsync($"pins-{theme}-{width}");
        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Unpin" }).First.ClickAsync();
        await Expect(alice.Dialog.Locator(".pinned .text")).ToHaveTextAsync(["the rules of the house"]);
        await alice.Page.Keyboard.PressAsync("Escape");
        await Expect(bob.Page.Locator("#pins-open")).ToHaveTextAsync("1");
        await bob.SeesAsync("alice unpinned a message.");
        await Axe.CheckAsync(alice, "pinned");
        await alice.ChooseAsync("the rules of the house", "Unpin");
        await Expect(bob.Page.Locator("#pins-open")).ToBeHiddenAsync();
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task A_deleted_message_is_no_longer_pinned()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        int pins = 0;
        foreach (string text in new[] { "for ever", "for longer" })
        {
            await alice.SayAsync(text);
            await alice.SeesAsync(text);
            await alice.ChooseAsync(text, "Pin");
            await Expect(alice.Page.Locator("#pins-open")).ToHaveTextAsync($"{++pins}");
        }

        await alice.ChooseAsync("for ever", "Delete…");
        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(alice.Page.Locator("#pins-open")).ToHaveTextAsync("1");
        await alice.Page.ReloadAsync();
        await Expect(alice.Page.Locator("#pins-open")).ToHaveTextAsync("1");
        await alice.Page.ClickAsync("#pins-open");
        await Expect(alice.Dialog.Locator(".pinned .text")).ToHaveTextAsync(["for longer"]);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Previously, the page asked once for each deletion.</summary>
    [Fact]
    public async Task Many_deletions_after_a_gap_make_one_request_for_the_pins()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:MaxMailboxItems=5", "--Chat:KeepAcknowledged=0", "--Chat:RateLimitCount=1000", "--Limits:Enabled=false",
            "--Chat:RetryLongest=00:00:00.5");
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        (ChatPage alice, ChatPage bob) = await BeginAsync(site, one, other);
        int[] ids = await alice.Page.EvaluateAsync<int[]>("""
            async () => {
              const ids = [];
              for (let i = 0; i < 30; i++) {
                const body = new URLSearchParams({ room: 'dev', msg: `number ${i}` });
                ids.push((await (await fetch('/chat/send_msg/', { method: 'POST', body })).json()).id);
              }
              return ids;
            }
            """);
        await bob.SeesAsync("number 29");

        await other.SetOfflineAsync(true);
        await Expect(bob.Status).Not.ToHaveAttributeAsync("data-state", "connected");
        await DeleteAsync(alice, ids);
        int asked = 0;
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await other.RouteAsync("**/chat/pins/**", async route =>
        {
            Interlocked.Increment(ref asked);
            await seen.Task;
            await route.ContinueAsync();
        });
        await other.SetOfflineAsync(false);
        await Expect(bob.Page.Locator("#lines .system", new() { HasText = "Message of alice deleted." })).ToHaveCountAsync(ids.Length);
        seen.SetResult();
        await bob.Page.ClickAsync("#pins-open");
        await Expect(bob.Dialog.Locator(".pinned .text")).ToHaveTextAsync(["for ever"]);
        await Expect(bob.Page.Locator("#pins-open")).ToHaveTextAsync("1");

        // One of them for the dialog, which may have come too late for the other's answer.
        Assert.InRange(asked, 1, 2);
        Assert.Empty(bob.Complaints);
    }

    /// <summary>Previously, the list as it had been took away the pin that came while it was on its way.</summary>
    [Fact]
    public async Task A_pin_that_comes_while_the_list_is_on_its_way_is_kept()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        (ChatPage alice, ChatPage bob) = await BeginAsync(site, one, other);
        foreach (string text in new[] { "for longer", "for now" })
            await alice.SayAsync(text);
        await bob.SeesAsync("for now");
        int asked = 0;
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await other.RouteAsync("**/chat/pins/**", async route =>
        {
            Interlocked.Increment(ref asked);
            IAPIResponse answer = await route.FetchAsync();
            read.TrySetResult();
            await seen.Task;
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer });
        });
        await bob.Page.ClickAsync("#pins-open");
        await read.Task.WithinAsync(Browser.Patience);
        await alice.ChooseAsync("for longer", "Pin");
        await Expect(bob.Page.Locator("#pins-open")).ToHaveTextAsync("2");
        seen.SetResult();
        await Expect(bob.Dialog.Locator(".pinned .text")).ToHaveTextAsync(["for longer", "for ever"]);
        await Expect(bob.Page.Locator("#pins-open")).ToHaveTextAsync("2");

        // That the list has not changed, the page knows without asking.
        await DeleteAsync(alice, [await alice.MessageOf("for now").EvaluateAsync<int>("one => Number(one.closest('.row').dataset.id)")]);
        await bob.SeesAsync("Message of alice deleted.");
        await Expect(bob.Page.Locator("#pins-open")).ToHaveTextAsync("2");
        Assert.Equal(2, asked);
        Assert.Empty(bob.Complaints);
    }

    /// <summary>Two people in a room where a message of alice is pinned.</summary>
    private static async Task<(ChatPage Alice, ChatPage Bob)> BeginAsync(ChatSite site, Person one, Person other)
    {
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice"), bob = await ChatPage.LogInAsync(other, site, "bob");
        foreach (ChatPage page in new[] { alice, bob })
        {
            await page.SayAsync("/join dev");
            await Expect(page.Title).ToHaveTextAsync("#dev");
        }

        await alice.SayAsync("for ever");
        await alice.SeesAsync("for ever");
        await alice.ChooseAsync("for ever", "Pin");
        await Expect(bob.Page.Locator("#pins-open")).ToHaveTextAsync("1");
        return (alice, bob);
    }

    private static async Task DeleteAsync(ChatPage page, int[] ids) => await page.Page.EvaluateAsync("""
        async ids => {
          for (const id of ids) await fetch('/chat/delete_msg/', { method: 'POST', body: new URLSearchParams({ id }) });
        }
        """, ids);
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The addresses of rooms and messages.</summary>
public sealed class PlaceTests(Browser browser)
{
    [Fact]
    public async Task A_link_to_a_message_leads_there_also_over_the_login_and_a_restart()
    {
        using var log = new TemporaryLog();
        string link;
        await using (ChatSite site = await ChatSite.StartAsync([.. log.Options]))
        {
            await using Person one = await browser.NewPersonAsync();
            ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
            await alice.SayAsync("/join constructor");
            await Expect(alice.Title).ToHaveTextAsync("#constructor");
            await alice.SayAsync("the needle");
            for (int i = 0; i < 60; i++)
                await alice.SayAsync($"line {i}");
            ILocator first = alice.Page.Locator("#lines .message:not(.pending)", new() { HasText = "the needle" });
            await first.HoverAsync();
            string id = (await alice.Page.EvaluateAsync<string>(
                "fetch('/chat/history/?room=constructor&limit=200').then(answer => answer.text())")).Split("\"id\":")
                .First(part => part.Contains("the needle", StringComparison.Ordinal)).Split(',')[0];
            link = $"/chat/r/constructor/{id}";

            // Another user, who is not in the room, is logged in first, and joins.
            await using Person other = await browser.NewPersonAsync();
            ChatPage bob = await ChatPage.OpenLoginAsync(other, site.Address + link);
            await bob.SubmitNickAsync("bob");
            await Expect(bob.Title).ToHaveTextAsync("#constructor");
            ILocator found = bob.Page.Locator(".found", new() { HasText = "the needle" });
            await Expect(found).ToBeInViewportAsync();
            Assert.EndsWith(link, bob.Page.Url, StringComparison.Ordinal);

            // Reloading leads there again.
            await bob.Page.ReloadAsync();
            await Expect(found).ToBeInViewportAsync();
            Assert.Empty(bob.Complaints);
        }
    }

    [Fact]
    public async Task The_time_of_a_message_is_a_link_to_it()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync(MessageActions.Window(ColorScheme.Light, 1100));
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        await alice.SayAsync("first");
        await alice.SayAsync("second");
        ILocator time = alice.MessageOf("second")
            .GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^[0-9]+:[0-9]+.*: link to this message$") });
        string? link = await time.GetAttributeAsync("href");
        Assert.Matches("^/chat/r/lobby/[0-9]+$", link);

        // It is seen when it has the focus, and stays on the page.
        await alice.Page.EvaluateAsync("() => { window.stays = true; }");
        await time.FocusAsync();
        await Expect(alice.MessageOf("second").Locator("time").First).ToHaveCSSAsync("opacity", "1");
        await Axe.CheckAsync(alice, "times");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator(".found")).ToContainTextAsync("second");
        Assert.EndsWith(link!, alice.Page.Url, StringComparison.Ordinal);
        Assert.True(await alice.Page.EvaluateAsync<bool>("window.stays"));

        // For others it leads to the message.
        ChatPage bob = await ChatPage.OpenLoginAsync(other, site.Address + link);
        await bob.SubmitNickAsync("bob");
        await Expect(bob.Page.Locator(".found")).ToContainTextAsync("second");

        // So it does in private.
        await alice.SayAsync("/pm bob psst");
        await Expect(alice.Title).ToHaveTextAsync("bob");
        await alice.MessageOf("psst").GetByRole(AriaRole.Link).ClickAsync();
        Assert.Matches("/chat/u/[^/]+/[0-9]+$", alice.Page.Url);
        await alice.Page.ReloadAsync();
        await Expect(alice.Page.Locator(".found")).ToContainTextAsync("psst");
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task Back_and_forward_follow_the_open_conversation()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        Assert.EndsWith("/chat/r/dev", alice.Page.Url, StringComparison.Ordinal);
        await alice.SayAsync("/join den");
        await Expect(alice.Title).ToHaveTextAsync("#den");
        await alice.Page.GoBackAsync();
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.Page.GoBackAsync();
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await alice.Page.GoForwardAsync();
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        Assert.EndsWith("/chat/r/dev", alice.Page.Url, StringComparison.Ordinal);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_link_to_a_private_message_works_for_both()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await alice.SayAsync("/msg bob between us");
        await Expect(alice.Title).ToHaveTextAsync("bob");
        string link = (await alice.Page.Locator("#lines .message time a").First.GetAttributeAsync("href"))!;
        await bob.Page.GotoAsync(site.Address + link);
        await Expect(bob.Title).ToHaveTextAsync("alice");
        await Expect(bob.Page.Locator(".found", new() { HasText = "between us" })).ToBeInViewportAsync();
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_and_not_made()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        await alice.SayAsync("/join vault private");
        await Expect(alice.Title).ToHaveTextAsync("#vault");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        foreach (string path in new[] { "/chat/r/vault", "/chat/r/nothing/12", "/chat/r/lobby/999999", "/chat/u/nobody" })
        {
            await bob.Page.GotoAsync(site.Address + path);
            await Expect(bob.Page.GetByText("There is no such room, conversation or message, or you cannot read it.")).ToBeVisibleAsync();
            await Expect(bob.Title).ToHaveTextAsync("#lobby");

            // The address bar names what is open.
            await bob.Page.WaitForURLAsync(site.Address + "/chat/r/lobby");
        }

        await Expect(bob.Conversation("#nothing")).ToHaveCountAsync(0);
        Assert.Empty(bob.Complaints);
    }
}

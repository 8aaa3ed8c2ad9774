using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Whom a user ignores, and what the page shows of rooms.</summary>
public sealed class PreferenceTests(Browser browser)
{
    [Fact]
    public async Task Who_is_ignored_on_one_device_is_hidden_on_both_and_shown_again_on_both()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person laptop = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(laptop, site, "alice");
        await Device.KeepNickAsync(alice);
        await using Person phone = await browser.NewPersonAsync(Device.Phone);
        ChatPage pocket = await Device.SignInAsync(phone, site);
        await guest.SayAsync("before");
        await pocket.SeesAsync("before");

        await PressAsync(alice, "Ignore");
        await Expect(pocket.Messages).Not.ToContainTextAsync("before");
        await Expect(alice.Messages).Not.ToContainTextAsync("before");
        await guest.SayAsync("alice, can you hear me?");
        await guest.WhisperAsync("alice", "psst");
        Visitor bob = await Visitor.JoinAsync(site, "bob");
        await bob.SayAsync("hello from bob");
        await alice.SeesAsync("hello from bob");
        await pocket.SeesAsync("hello from bob");
        foreach (ChatPage page in (ChatPage[])[alice, pocket])
        {
            await Expect(page.Messages).Not.ToContainTextAsync("hear me");
            await Expect(page.Conversation("@guest")).ToHaveCountAsync(0);
            Assert.DoesNotContain("(", await page.Page.TitleAsync(), StringComparison.Ordinal);
        }

        // After a reload too, since the history has everything.
        await alice.Page.ReloadAsync();
        await alice.SeesAsync("hello from bob");
        await Expect(alice.Messages).Not.ToContainTextAsync("hear me");

        // The list is in the settings of every device.
        await pocket.Page.Locator("#rooms-open").ClickAsync();
        await pocket.Page.Locator("#settings-open").ClickAsync();
        await Expect(pocket.Dialog.Locator(".ignored li")).ToContainTextAsync("guest");
        await pocket.PictureAsync("ignored-phone");
        await pocket.Dialog.GetByRole(AriaRole.Button, new() { Name = "Stop ignoring" }).ClickAsync();
        await Expect(pocket.Dialog.Locator(".ignored li")).ToHaveCountAsync(0);
        await pocket.Dialog.Locator(".dismiss").ClickAsync();
        await alice.SeesAsync("hear me");
        await pocket.SeesAsync("hear me");
        await Expect(alice.Conversation("@guest")).ToBeVisibleAsync();
        Assert.Empty(alice.Complaints);
        Assert.Empty(pocket.Complaints);
    }

    // A guest who is ignored leaves, and a stranger takes the nick.
    [Fact]
    public async Task The_next_user_with_an_ignored_nick_is_not_hidden()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await PressAsync(alice, "Ignore");
        await guest.SayAsync("I am the old one");
        await guest.LeaveAsync();
        Visitor stranger = await Visitor.JoinAsync(site, "guest");
        await stranger.SayAsync("I am the new one");
        await alice.SeesAsync("I am the new one");
        await Expect(alice.Messages).Not.ToContainTextAsync("old one");
        await Expect(alice.Messages).Not.ToContainTextAsync("guest left");
    }

    [Fact]
    public async Task Joins_and_leaves_are_folded_into_a_line_that_can_be_unfolded_or_shown_each_or_not_at_all()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        foreach (string nick in (string[])["bob", "carl", "dora", "emil", "finn", "gus"])
        {
            Visitor visitor = await Visitor.JoinAsync(site, nick);
            if (nick == "carl")
                await visitor.LeaveAsync();
        }

        ILocator folded = alice.Messages.Locator("details.system");
        await Expect(folded.Locator("summary")).ToHaveTextAsync("6 people joined, 1 left");
        await Expect(alice.Messages.GetByText("dora joined.")).ToBeHiddenAsync();
        await folded.Locator("summary").ClickAsync();
        await Expect(alice.Messages.GetByText("dora joined.")).ToBeVisibleAsync();

        // It stays open when somebody else comes.
        await Visitor.JoinAsync(site, "hugo");
        await Expect(alice.Messages.GetByText("hugo joined.")).ToBeVisibleAsync();
        await alice.PictureAsync("joins-unfolded");

        await alice.Page.Locator("#room-open").ClickAsync();
        await alice.Dialog.GetByLabel("People who join and leave").SelectOptionAsync("off");
        await Expect(alice.Messages.Locator(".system")).ToHaveCountAsync(0);
        await alice.Dialog.GetByLabel("People who join and leave").SelectOptionAsync("on");
        await Expect(alice.Messages.Locator(".system")).ToHaveCountAsync(8);
        await Expect(folded).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_muted_room_counts_only_mentions()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join den");
        await Expect(alice.Title).ToHaveTextAsync("#den");
        await guest.EnterAsync("den");
        await alice.Page.Locator("#room-open").ClickAsync();
        await alice.Page.RunAndWaitForResponseAsync(
            () => alice.Dialog.GetByLabel("Mute").CheckAsync(), answer => answer.Url.Contains("/chat/me/", StringComparison.Ordinal));
        await alice.Dialog.Locator(".dismiss").ClickAsync();
        await alice.Conversation("#lobby").ClickAsync();
        await guest.SayAsync("nothing of note", "den");
        await guest.SayAsync("anything else", "lobby");
        await alice.SeesAsync("anything else");
        await Expect(alice.Conversation("#den").Locator(".badge")).ToHaveCountAsync(0);
        await guest.SayAsync("@alice?", "den");
        await Expect(alice.Conversation("#den").Locator(".badge")).ToHaveTextAsync("@1");
        await alice.Conversation("#den").ClickAsync();
        await alice.SeesAsync("nothing of note");
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Presses an action in the menu of guest, and waits until the page knows of it.</summary>
    private static async Task PressAsync(ChatPage page, string action)
    {
        await page.Page.Locator("#users button", new() { HasText = "guest" }).ClickAsync();
        await page.Page.RunAndWaitForResponseAsync(
            () => page.Page.GetByRole(AriaRole.Menuitem, new() { Name = action, Exact = true }).ClickAsync(),
            answer => answer.Url.Contains("/chat/me/", StringComparison.Ordinal));
    }
}

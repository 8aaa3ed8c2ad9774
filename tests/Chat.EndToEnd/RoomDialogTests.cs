using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The dialog about a room, and links that lead into it.</summary>
public sealed class RoomDialogTests(Browser browser)
{
    [Fact]
    public async Task A_newcomer_opens_a_link_logs_in_and_is_in_the_private_room()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person owner = await browser.NewPersonAsync();
        ChatPage alice = await OpenDenAsync(owner, site);
        string link = await MakeLinkAsync(alice);
        Assert.Contains("/chat/#join=", link, StringComparison.Ordinal);

        await using Person newcomer = await browser.NewPersonAsync();
        ChatPage bob = await ChatPage.OpenLoginAsync(newcomer, link);
        await Expect(bob.Page.Locator("form#login")).ToContainTextAsync("The link leads into a room");

        // A nick that is refused does not lose the link.
        await bob.SubmitNickAsync("alice");
        await Expect(bob.Page.Locator("p.error")).ToContainTextAsync("not available");
        await bob.SubmitNickAsync("bob");
        await Expect(bob.Title).ToHaveTextAsync("#den");
        await Expect(bob.Users).ToHaveTextAsync(["alice", "bob(you)"]);
        Assert.DoesNotContain("join=", bob.Page.Url, StringComparison.Ordinal);

        // Who is logged in already opens it in the tab of the chat, or in another one.
        await bob.LeaveForGoodAsync();
        await Expect(bob.Conversation("#den")).ToHaveCountAsync(0);
        await bob.Page.GotoAsync(link);
        await Expect(bob.Title).ToHaveTextAsync("#den");

        await alice.Dialog.Locator("li", new() { HasText = "by alice" }).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(alice.Dialog.Locator("li", new() { HasText = "by alice" })).ToHaveCountAsync(0);
        await bob.LeaveForGoodAsync();
        await Expect(bob.Conversation("#den")).ToHaveCountAsync(0);
        await bob.Page.GotoAsync(link);
        await Expect(bob.Page.Locator("#hint")).ToContainTextAsync("the link is not valid");
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Fact]
    public async Task The_owner_sets_how_a_room_is_used_and_others_only_see_it()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person owner = await browser.NewPersonAsync(Device.Phone);
        ChatPage alice = await OpenDenAsync(owner, site);
        ILocator dialog = alice.Dialog;
        await dialog.GetByLabel("Topic").FillAsync("gold");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set the topic" }).ClickAsync();
        await Expect(alice.Page.Locator("#topic")).ToHaveTextAsync("gold");
        await dialog.GetByLabel("Locked").CheckAsync();
        await alice.SeesAsync("alice has locked den: only moderators may speak.");
        await dialog.GetByLabel("Slow").FillAsync("30");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set the pause" }).ClickAsync();
        await alice.SeesAsync("alice has made den slow: one message in 30 seconds.");

        ILocator invite = dialog.Locator("form", new() { HasText = "Invite" });
        await invite.Locator("input").FillAsync("nobody");
        await invite.Locator("button").ClickAsync();
        await Expect(invite.Locator(".error")).ToContainTextAsync("there is no such user");
        await invite.Locator("input").FillAsync("guest");
        await invite.Locator("button").ClickAsync();
        await Expect(dialog.Locator("li", new() { HasText = "guest" })).ToContainTextAsync("Take back");
        await guest.EnterAsync("den");
        await alice.SeesAsync("guest joined.");
        ILocator promote = dialog.Locator("form", new() { HasText = "Make a moderator" });
        await promote.Locator("input").FillAsync("guest");
        await promote.Locator("button").ClickAsync();
        await Expect(dialog.Locator("li", new() { HasText = "guest" })).ToContainTextAsync("Remove as moderator");
        await MakeLinkAsync(alice);
        await dialog.EvaluateAsync("dialog => dialog.scrollTo(0, 0)");
        await alice.PictureAsync("room-dialog-phone");
        await dialog.EvaluateAsync("dialog => dialog.scrollTo(0, dialog.scrollHeight)");
        await alice.PictureAsync("room-dialog-phone-end");
        Assert.True(await dialog.EvaluateAsync<bool>("dialog => dialog.scrollWidth <= dialog.clientWidth"));

        await dialog.Locator(".dismiss").ClickAsync();
        await alice.Page.Locator("#rooms-open").ClickAsync();
        await alice.Conversation("#lobby").ClickAsync();
        await alice.Page.Locator("#room-open").ClickAsync();
        await Expect(alice.Dialog).ToContainTextAsync("It belongs to the administrators.");
        await Expect(alice.Dialog.GetByLabel("Locked")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>Logs alice in, who makes the private room den and opens its dialog.</summary>
    internal static async Task<ChatPage> OpenDenAsync(Person person, ChatSite site)
    {
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join den private");
        await Expect(alice.Title).ToHaveTextAsync("#den");
        await alice.Page.Locator("#room-open").ClickAsync();
        await Expect(alice.Dialog).ToContainTextAsync("It belongs to alice.");
        return alice;
    }

    internal static async Task<string> MakeLinkAsync(ChatPage page)
    {
        await page.Dialog.GetByRole(AriaRole.Button, new() { Name = "Make a link" }).ClickAsync();
        ILocator made = page.Dialog.GetByLabel("Copy the link now");
        await Expect(made).ToBeVisibleAsync();
        return await made.InputValueAsync();
    }
}

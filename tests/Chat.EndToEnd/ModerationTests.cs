using ErlChat.Rooms;
using ErlChat.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>What an administrator can do from the page.</summary>
public sealed class ModerationTests(Browser browser)
{
    [Fact]
    public async Task Administrators_get_info_kick_ban_and_unban_from_menus_that_nobody_else_sees()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:AdminPassword=demopass");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
        ILocator items = alice.Page.Locator(".menu [role=menuitem]");

        await alice.Page.ClickAsync("#users button:has-text('bob')");
        await Expect(items).ToHaveTextAsync(["Direct message", "Mention", "Ignore"]);
        await alice.Page.Keyboard.PressAsync("Escape");
        await Expect(alice.Page.Locator("#bans-open")).ToBeHiddenAsync();
        await alice.AuthenticateAsync("demopass");
        await Expect(alice.Page.Locator("#bans-open")).ToBeVisibleAsync();

        await alice.Page.ClickAsync("#users button:has-text('guest')");
        await Expect(items).ToHaveTextAsync([
            "Direct message", "Mention", "Address and last action", "Mute…", "Kick…", "Ban…", "Ignore",
        ]);
        await items.Nth(2).ClickAsync();
        await alice.SeesAsync("IP address: 192.0.2.7");

        await alice.Page.ClickAsync("#users button:has-text('bob')");
        await items.Nth(4).ClickAsync();
        await alice.Dialog.Locator("input").FillAsync("\"quotes\" and \\ <i>more</i>");
        await alice.Page.Keyboard.PressAsync("Enter");
        await bob.SeesAsync("You have been kicked from the chat room. Reason: 'quotes' and / <i>more</i>");
        await Expect(bob.Status).ToHaveTextAsync("You have been kicked from the chat");
        await Expect(alice.Users).ToHaveCountAsync(2);

        await alice.Page.ClickAsync("#users button:has-text('guest')");
        await items.Nth(5).ClickAsync();
        await alice.Dialog.Locator("input:not([type=checkbox])").FillAsync("spam & eggs");
        await alice.Dialog.Locator("select").SelectOptionAsync("1 day");
        await Expect(alice.Dialog.Locator("[role=status]")).ToHaveTextAsync("Nobody else comes from 192.0.2.7.");
        await alice.Dialog.GetByLabel("Ban the address too").CheckAsync();
        await alice.Dialog.Locator("button:text-is('Ban')").ClickAsync();
        await Expect(alice.Users).ToHaveCountAsync(1);
        await alice.Page.ClickAsync("#bans-open");
        await Expect(alice.Dialog.Locator("tbody tr")).ToContainTextAsync("192.0.2.7");
        await Expect(alice.Dialog.Locator("tbody tr")).ToContainTextAsync("spam & eggs");
        await alice.PictureAsync("bans");
        await alice.Dialog.Locator("button:has-text('Unban')").ClickAsync();
        await Expect(alice.Dialog.Locator("tbody tr")).ToHaveCountAsync(0);
        await alice.SeesAsync("Removed ban.");
        await Visitor.JoinAsync(site, "guest2");
        await Expect(alice.Users).ToHaveCountAsync(2);
        Assert.NotEqual(default, guest.Session);
        Assert.Empty(alice.Complaints);
    }

    // The page was only told that it is not logged in.
    [Fact]
    public async Task Who_is_kicked_while_away_reads_why_at_the_return_also_after_a_restart()
    {
        const string notice = "Du bist aus dem Chat geworfen worden. Reason: <i>out</i>";
        string folder = Directory.CreateTempSubdirectory("erlchat").FullName;
        string[] options = [.. ChatSite.Durable(folder), "--Chat:AdminPassword=demopass"];
        await using (ChatSite site = await ChatSite.StartAsync(options))
        {
            await using Person first = await browser.NewPersonAsync();
            await using Person second = await browser.NewPersonAsync(new BrowserNewContextOptions { Locale = "de-DE" });
            ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
            await alice.AuthenticateAsync("demopass");
            await Expect(alice.Page.Locator("#bans-open")).ToBeVisibleAsync();
            ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
            await bob.Page.GotoAsync("about:blank");
            site.ShortenIdleLimit();
            ChatRoom room = site.Services.GetRequiredService<ChatRoom>();
            await Eventually.BeTrueAsync(() => room.OfflineCount == 1);
            await alice.SayAsync("/admin kick bob \"<i>out</i>\"");
            await Eventually.BeTrueAsync(() => room.OfflineCount == 0);
            await site.RestartAsync(options);

            await bob.Page.GotoAsync(site.Address + "/chat/");
            await Expect(bob.Status).ToHaveTextAsync(notice);
            await Expect(bob.Status).ToHaveAttributeAsync("data-state", "ended");
            await bob.PictureAsync("kicked-while-away");
            await bob.Page.ClickAsync("#login-again");
            await Expect(bob.Page.Locator("#removed")).ToHaveTextAsync(notice);
            await bob.PictureAsync("login-kicked-while-away");
            await bob.SubmitNickAsync("bob");
            await Expect(bob.Status).ToHaveAttributeAsync("data-state", "connected");
            await bob.Page.GotoAsync(site.Address);
            await Expect(bob.Page.Locator("#removed")).ToHaveCountAsync(0);
            Assert.Empty(bob.Complaints);
        }

        Directory.Delete(folder, recursive: true);
    }

    // Behind an untrusted proxy all users share one address. The dialog bans it only if asked, and says whom that hits.
    [Fact]
    public async Task The_ban_dialog_bans_the_person_and_says_who_else_uses_the_address()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:AdminPassword=demopass");
        foreach (string nick in new[] { "guest", "friend", "stranger" })
            await Visitor.JoinAsync(site, nick);
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.AuthenticateAsync("demopass");
        await alice.Page.ClickAsync("#users button:has-text('guest')");
        await alice.Page.Locator(".menu [role=menuitem]").Nth(5).ClickAsync();
        await Expect(alice.Dialog.Locator("[role=status]"))
            .ToHaveTextAsync("A ban of the address 192.0.2.7 also hits 2 other sessions: friend, stranger");
        await alice.Dialog.Locator("button:text-is('Ban')").ClickAsync();
        await Expect(alice.Users).ToHaveCountAsync(3);
        await Visitor.JoinAsync(site, "another");
        await alice.Page.ClickAsync("#bans-open");
        await Expect(alice.Dialog.Locator("tbody tr")).ToContainTextAsync("–guest");
        await alice.Dialog.Locator("button:has-text('Unban')").ClickAsync();
        await alice.SeesAsync("Removed ban.");
        await Visitor.JoinAsync(site, "guest");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task The_mute_dialog_mutes_the_address_only_if_asked()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:AdminPassword=demopass");
        await Visitor.JoinAsync(site, "guest");
        Visitor friend = await Visitor.JoinAsync(site, "friend");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.AuthenticateAsync("demopass");
        await MuteAsync(withAddress: false);
        await (await Visitor.JoinAsync(site, "later")).SayAsync("said by later");
        await alice.SeesAsync("said by later");

        await MuteAsync(withAddress: true);
        await (await Visitor.JoinAsync(site, "latest")).SayAsync("said by latest");
        await friend.SayAsync("said by friend");
        await alice.SeesAsync("said by friend");
        await Expect(alice.Page.GetByText("said by latest")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);

        async Task MuteAsync(bool withAddress)
        {
            await alice.Page.ClickAsync("#users button:has-text('guest')");
            await alice.Page.Locator(".menu [role=menuitem]").Nth(3).ClickAsync();
            await Expect(alice.Dialog.Locator("[role=status]")).ToContainTextAsync("Everyone who logs in from 192.0.2.7");
            if (withAddress)
                await alice.Dialog.GetByLabel("Mute the address too").CheckAsync();
            await alice.Dialog.Locator("button:text-is('Mute')").ClickAsync();
            await Expect(alice.Page.Locator("#lines").GetByText("guest may not speak for")).ToHaveCountAsync(withAddress ? 2 : 1);
        }
    }
}

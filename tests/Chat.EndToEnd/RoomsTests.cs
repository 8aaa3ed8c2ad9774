using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Rooms, people and private conversations in the side bars.</summary>
public sealed class RoomsTests(Browser browser)
{
    [Fact]
    public async Task Rooms_are_joined_by_name_or_from_the_list_and_left()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("garden");
        await guest.SayAsync("/topic About <i>roses</i>", "garden");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");

        await alice.Page.ClickAsync("#join-open");
        await Expect(alice.Dialog).ToContainTextAsync("garden");
        await Expect(alice.Dialog).ToContainTextAsync("About <i>roses</i>");
        await alice.Page.ClickAsync("dialog .entry:has-text('garden')");
        await Expect(alice.Title).ToHaveTextAsync("#garden");
        await Expect(alice.Page.Locator("#topic")).ToHaveTextAsync("About <i>roses</i>");
        await Expect(alice.Users).ToHaveCountAsync(2);

        await alice.Page.Keyboard.PressAsync("Control+k");
        await alice.Page.Keyboard.TypeAsync("no such name!");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog.Locator(".error")).ToContainTextAsync("a room name has 1 to 32 letters");
        await alice.Dialog.Locator("input").FillAsync("#dev");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await Expect(alice.Users).ToHaveCountAsync(1);

        await alice.LeaveForGoodAsync();
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await Expect(alice.Conversation("#dev")).ToHaveCountAsync(0);
        await Expect(alice.Page.Locator("#leave-room")).ToBeHiddenAsync();
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Leaving_a_room_can_be_undone_for_some_seconds()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("garden");
        await guest.SayAsync("/rename Roses", "garden");
        await using Person person = await browser.NewPersonAsync();
        await person.InstallClockAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join garden");
        await Expect(alice.Title).ToHaveTextAsync("#Roses");
        await alice.Page.ClickAsync("#leave-room");
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        ILocator undo = alice.Page.Locator(".undo");
        await Expect(undo).ToContainTextAsync("You left #Roses.");
        await Expect(alice.Input).ToBeFocusedAsync();
        await Expect(alice.Page.Locator("#said")).ToContainTextAsync("To come back to #Roses, press Shift and Tab, then Enter.");
        await Expect(alice.Page.Locator("#said p", new() { HasText = "You left #Roses." })).ToHaveCountAsync(1);
        await Axe.CheckAsync(alice, "undo", undo);
        await alice.PictureAsync("undo");
        await undo.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(alice.Title).ToHaveTextAsync("#Roses");
        await Expect(undo).ToHaveCountAsync(0);
        await Expect(alice.Users).ToHaveTextAsync(["alice(you)", "guest"]);

        // With the keyboard, it stays for as long as the button has the focus.
        await alice.Page.ClickAsync("#leave-room");
        await Expect(undo).ToBeVisibleAsync();
        await Expect(alice.Input).ToBeFocusedAsync();
        await alice.Page.Keyboard.PressAsync("Shift+Tab");
        await Expect(undo.GetByRole(AriaRole.Button)).ToBeFocusedAsync();
        await person.MoveClockAsync(TimeSpan.FromSeconds(11));
        await person.MoveClockAsync(TimeSpan.FromSeconds(3));
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Title).ToHaveTextAsync("#Roses");
        await alice.Page.ClickAsync("#leave-room");
        await Expect(undo).ToBeVisibleAsync();
        await person.MoveClockAsync(TimeSpan.FromSeconds(11));
        await Expect(undo).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Before_leaving_a_room_without_a_way_back_the_page_asks()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
        await alice.SayAsync("/join vault private");
        await Expect(alice.Title).ToHaveTextAsync("#vault");
        await alice.SayAsync("/invite bob");
        await bob.SeesAsync("/join vault");
        await bob.SayAsync("/join vault");
        await Expect(bob.Title).ToHaveTextAsync("#vault");
        await bob.Page.ClickAsync("#leave-room");
        await Expect(bob.Dialog).ToContainTextAsync("You can only come back if somebody invites you again.");
        await Axe.CheckAsync(bob, "leave", bob.Dialog);
        await bob.PictureAsync("leave-private");
        await Expect(bob.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await bob.Page.Keyboard.PressAsync("Enter");
        await Expect(bob.Title).ToHaveTextAsync("#vault");
        await Expect(bob.Users).ToHaveCountAsync(2);

        // The owner may come back as long as there is a room.
        await alice.Page.ClickAsync("#leave-room");
        await alice.Page.Locator(".undo button").ClickAsync();
        await Expect(alice.Title).ToHaveTextAsync("#vault");
        await bob.LeaveForGoodAsync();
        await Expect(bob.Title).ToHaveTextAsync("#lobby");
        await Expect(alice.Users).ToHaveCountAsync(1);
        await alice.Page.ClickAsync("#leave-room");
        await Expect(alice.Dialog).ToContainTextAsync("Nobody else is in this room, so it ends with you.");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_private_room_is_opened_shared_and_regulated_by_commands()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
        await alice.SayAsync("/join vault private");
        await Expect(alice.Title).ToHaveTextAsync("#vault");
        await bob.SayAsync("/join vault");
        await bob.SeesAsync("You cannot use the name vault. If that is a private room, you need an invitation.");
        await bob.Page.ClickAsync("#join-open");
        await bob.Dialog.Locator("input").FillAsync("vault");
        await bob.Page.Keyboard.PressAsync("Enter");
        await Expect(bob.Dialog.Locator(".error")).ToContainTextAsync("name not free");
        await Expect(bob.Dialog.Locator(".entry:has-text('vault')")).ToHaveCountAsync(0);
        await bob.Page.Keyboard.PressAsync("Escape");

        await alice.SayAsync("/invite bob");
        await alice.SeesAsync("bob is invited to vault.");
        await bob.SeesAsync("alice invites you to the private room vault. Type /join vault to enter it.");
        await bob.SayAsync("/join vault");
        await Expect(bob.Title).ToHaveTextAsync("#vault");
        await alice.SayAsync("/room lock");
        await bob.SeesAsync("alice has locked vault: only moderators may speak.");
        await bob.SayAsync("hello?");
        await Expect(bob.Page.Locator("#pending")).ToContainTextAsync("room locked");

        // A notice of a room is shown there, and not where the user happens to be.
        await bob.Conversation("#lobby").ClickAsync();
        await alice.SayAsync("/room unlock");
        await alice.SeesAsync("alice has unlocked vault: everyone may speak.");
        await bob.Conversation("#vault").ClickAsync();
        await bob.SeesAsync("alice has unlocked vault: everyone may speak.");
        await alice.SayAsync("/kick bob too loud");
        await Expect(bob.Title).ToHaveTextAsync("#lobby");
        await bob.SeesAsync("alice has removed you from vault: too loud");
        await Expect(bob.Conversation("#vault")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>
    /// Previously, a page that was slow to enter asked for the lobby's history before it knew which user it belonged to, and overwrote that
    /// user's saved state. After a reload the lobby was open again.
    /// </summary>
    [Fact]
    public async Task A_page_that_enters_slowly_keeps_the_open_conversation()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("something to read");
        await alice.SeesAsync("something to read");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await person.RouteAsync("**/chat/start/**", async route =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            await route.ContinueAsync();
        });
        await alice.Page.ReloadAsync();
        await Expect(alice.Title).ToHaveTextAsync("#dev");
    }

    [Fact]
    public async Task Unread_messages_are_counted_and_mentions_are_marked()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("dev");
        await guest.SayAsync("from before", "dev");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.SeesAsync("from before");
        await alice.Conversation("#lobby").ClickAsync();

        await guest.SayAsync("one", "dev");
        await guest.SayAsync("two", "dev");
        await Expect(alice.Conversation("#dev")).ToContainTextAsync("2 unread messages");
        await Expect(alice.Conversation("#dev").Locator(".badge.mention")).ToHaveCountAsync(0);
        await guest.SayAsync("and you, @Alice?", "dev");
        await Expect(alice.Conversation("#dev")).ToContainTextAsync("you are mentioned");
        await Expect(alice.Conversation("#dev").Locator(".badge.mention")).ToHaveTextAsync("@3");

        // Opening the room counts as reading it: the count disappears, and a line shows where the new messages begin.
        await alice.Page.Keyboard.PressAsync("Alt+n");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await Expect(alice.Page.Locator(".row:has(.new) .text")).ToHaveTextAsync("one");
        await Expect(alice.Page.Locator(".mentioned .mention")).ToHaveTextAsync("@Alice");
        await Expect(alice.Conversation("#dev").Locator(".badge")).ToHaveCountAsync(0);

        // It stays read when the page is reloaded, and the same room is open.
        await guest.SayAsync("in the lobby");
        await Expect(alice.Conversation("#lobby").Locator(".badge")).ToHaveTextAsync("1");
        await alice.Page.ReloadAsync();
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await Expect(alice.Conversation("#lobby").Locator(".badge")).ToHaveTextAsync("1");
        await Expect(alice.Conversation("#dev").Locator(".badge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Private_messages_are_separate_conversations_and_show_presence()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Page.ClickAsync("#users button:has-text('guest')");
        await alice.Page.ClickAsync(".menu button:has-text('Direct message')");
        await Expect(alice.Title).ToHaveTextAsync("guest");
        await alice.SayAsync("only for *you*");
        await Expect(alice.Page.Locator("#lines .own strong")).ToHaveTextAsync("you");
        await guest.WhisperAsync("alice", "thanks");
        await alice.SeesAsync("thanks");
        Assert.Equal(["only for you", "thanks"], await alice.TextsAsync());

        await Expect(alice.Conversation("@guest").Locator(".dot.here")).ToBeVisibleAsync();

        // The people in one room do not remain in the list of the other.
        await Visitor.JoinAsync(site, "aaron");
        await Expect(alice.Users).ToHaveTextAsync(["alice(you)", "guest"]);
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(alice.Users).ToHaveTextAsync(["aaron", "alice(you)", "guest"]);
        await alice.Conversation("@guest").ClickAsync();
        await Expect(alice.Users).ToHaveTextAsync(["alice(you)", "guest"]);
        await guest.LeaveAsync();
        await Expect(alice.Conversation("@guest").Locator(".dot:not(.here)")).ToBeVisibleAsync();
        await alice.SeesAsync("guest left.");
        await alice.SayAsync("too late");
        await Expect(alice.Page.Locator(".failed .fate")).ToContainTextAsync("there is no such user");

        await alice.Page.ClickAsync("#leave-room");
        await Expect(alice.Title).ToHaveTextAsync("#lobby");
        await Expect(alice.Conversation("@guest")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>
    /// Previously, choosing a conversation redrew the list, so the drawer no longer recognised the pressed button: it stayed open on top of
    /// the conversation. Nothing outside it showed that a private message had come.
    /// </summary>
    [Fact]
    public async Task On_a_phone_a_badge_leads_to_a_private_message_and_choosing_it_closes_the_drawer()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync(
            new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 360, Height = 640 } });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ILocator opener = alice.Page.Locator("#rooms-open");
        await guest.SayAsync("to everyone");
        await alice.SeesAsync("to everyone");
        await Expect(opener).ToHaveAccessibleNameAsync("Show rooms");
        await Expect(opener.Locator(".badge")).ToBeHiddenAsync();
        await guest.WhisperAsync("alice", "only for you");
        await Expect(opener.Locator(".badge")).ToHaveTextAsync("1");
        await Expect(opener).ToHaveAccessibleNameAsync("Show rooms, 1 unread message for you");
        await alice.PictureAsync("phone-unread-360");

        await opener.ClickAsync();
        await alice.Conversation("@guest").ClickAsync();
        await Expect(alice.Page.Locator("#sidebar")).ToBeHiddenAsync();
        await Expect(opener).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(opener.Locator(".badge")).ToBeHiddenAsync();
        await alice.Input.ClickAsync();
        await alice.SayAsync("thanks");
        await Expect(alice.Page.Locator("#lines .message .text")).ToHaveTextAsync(["only for you", "thanks"]);
        Assert.Empty(alice.Complaints);
    }

    /// <summary>The line said "alice joined, alice left", as if she had gone.</summary>
    [Fact]
    public async Task Others_read_that_somebody_left_and_came_back()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person one = await browser.NewPersonAsync();
        await using Person other = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(one, site, "alice");
        await alice.SayAsync("/join vault private");
        await Expect(alice.Title).ToHaveTextAsync("#vault");

        // The address of a private room leads nobody there.
        await Expect(alice.Page.Locator("#welcome")).ToContainTextAsync("Invite people with /invite. If the room is public,");
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        foreach (ChatPage page in new[] { alice, bob })
        {
            await page.SayAsync("/join dev");
            await Expect(page.Title).ToHaveTextAsync("#dev");
        }

        await Expect(bob.Users).ToHaveCountAsync(2);
        await alice.Page.ClickAsync("#leave-room");
        await Expect(bob.Users).ToHaveCountAsync(1);
        await alice.Page.Locator(".undo").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(bob.Users).ToHaveCountAsync(2);
        await Expect(bob.Page.Locator("#lines summary").Last).ToHaveTextAsync("alice left and came back");
        Assert.Empty(bob.Complaints);
    }
}

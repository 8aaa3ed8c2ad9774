using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Renamed rooms on the page.</summary>
public sealed class RenameTests(Browser browser)
{
    [Fact]
    public async Task A_renamed_room_is_entered_by_its_new_name()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("garden");
        await guest.SayAsync("/rename Roses", "garden");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        foreach (string name in new[] { "roses", "garden" })
        {
            await alice.SayAsync($"/join {name}");
            await Expect(alice.Title).ToHaveTextAsync("#Roses");
            await alice.SeesAsync("You are in #Roses now.");
            await alice.Page.ClickAsync("#leave-room");
            await Expect(alice.Title).ToHaveTextAsync("#lobby");
        }

        await alice.Page.ClickAsync("#join-open");
        await alice.Page.ClickAsync("dialog .entry:has-text('Roses')");
        await Expect(alice.Title).ToHaveTextAsync("#Roses");
        await alice.Page.ReloadAsync();
        await Expect(alice.Title).ToHaveTextAsync("#Roses");
        Assert.Empty(alice.Complaints);
    }

    // Names of what every object of JavaScript has.
    [Fact]
    public async Task A_room_keeps_any_name_beside_a_renamed_one()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        string[] names = ["constructor", "__proto__"];
        foreach (string name in names.Prepend("garden"))
        {
            await alice.SayAsync($"/join {name}");
            await Expect(alice.Title).ToHaveTextAsync("#" + name);
        }

        await alice.Conversation("#garden").ClickAsync();
        await alice.SayAsync("/rename Roses");
        await Expect(alice.Title).ToHaveTextAsync("#Roses");
        await Expect(alice.Page.Locator("#older")).ToHaveTextAsync("This is the beginning of #Roses.");
        await alice.Page.ReloadAsync();
        await Expect(alice.Title).ToHaveTextAsync("#Roses");
        foreach (string name in names)
        {
            await alice.Conversation("#" + name).ClickAsync();
            await Expect(alice.Title).ToHaveTextAsync("#" + name);
        }

        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task The_list_of_rooms_is_sorted_by_what_they_are_called()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("attic");
        await guest.EnterAsync("hall");
        await guest.SayAsync("/rename Zoo", "attic");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Page.ClickAsync("#join-open");
        await Expect(alice.Dialog.Locator(".entry strong")).ToHaveTextAsync(["#hall", "#lobby", "#Zoo"]);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Everybody_sees_the_new_name_at_once_and_after_a_restart_and_old_links_still_open_the_room()
    {
        string folder = Directory.CreateTempSubdirectory("erlchat-e2e-").FullName;
        try
        {
            string[] options = ChatSite.Durable(folder);
            await using ChatSite site = await ChatSite.StartAsync(options);
            await using Person first = await browser.NewPersonAsync();
            await using Person second = await browser.NewPersonAsync();
            ChatPage alice = await RoomDialogTests.OpenDenAsync(first, site);
            string link = await RoomDialogTests.MakeLinkAsync(alice);
            ChatPage bob = await ChatPage.OpenLoginAsync(second, link);
            await bob.SubmitNickAsync("bob");
            await Expect(bob.Title).ToHaveTextAsync("#den");

            ILocator form = alice.Dialog.Locator("form", new() { HasText = "Rename" });
            await form.Locator("input").FillAsync("no blanks");
            await form.Locator("button").ClickAsync();
            await Expect(form.Locator(".error")).ToContainTextAsync("a room name has 1 to 32 letters");
            await form.Locator("input").FillAsync("Cellar");
            await form.Locator("button").ClickAsync();
            await Expect(alice.Dialog).ToContainTextAsync("Also found as den");
            await alice.Page.Keyboard.PressAsync("Escape");
            foreach (ChatPage page in new[] { alice, bob })
            {
                await page.SeesAsync("alice has renamed the room to Cellar.");
                await Expect(page.Title).ToHaveTextAsync("#Cellar");
                await Expect(page.Conversation("#den")).ToHaveTextAsync("#Cellar");
                await Expect(page.Page).ToHaveTitleAsync(new Regex("#Cellar"));
                await Expect(page.Input).ToHaveAttributeAsync("placeholder", new Regex("#Cellar"));
            }

            // What is said there is found under the new name, as is the room itself.
            await bob.SayAsync("the treasure");
            await alice.SeesAsync("the treasure");
            await alice.Conversation("#lobby").ClickAsync();
            await alice.Page.ClickAsync("#search-open");
            await alice.Dialog.Locator("input[enterkeyhint=search]").FillAsync("treasure");
            await alice.Page.Keyboard.PressAsync("Enter");
            await Expect(alice.Dialog.Locator(".entry")).ToContainTextAsync("#Cellar");
            await alice.Dialog.Locator(".dismiss").ClickAsync();
            await alice.Page.ClickAsync("#join-open");
            await Expect(alice.Dialog.Locator(".entry:has-text('#Cellar')")).ToHaveCountAsync(1);
            await alice.Dialog.Locator("input").FillAsync("cellar");
            await alice.Page.Keyboard.PressAsync("Enter");
            await Expect(alice.Title).ToHaveTextAsync("#Cellar");

            await site.RestartAsync(options);
            await bob.Page.ReloadAsync();
            await Expect(bob.Title).ToHaveTextAsync("#Cellar");
            await bob.SeesAsync("the treasure");
            await bob.LeaveForGoodAsync();
            await bob.SeesAsync("You left #Cellar.");
            await bob.Page.GotoAsync(link);
            await Expect(bob.Title).ToHaveTextAsync("#Cellar");
            await Expect(bob.Status).ToHaveAttributeAsync("data-state", "connected");
            Assert.Empty(bob.Complaints);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

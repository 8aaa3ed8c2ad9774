using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static ErlChat.EndToEnd.Device;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Members in the browser: one user on a laptop and a phone.</summary>
public sealed class MemberTests(Browser browser)
{
    [Fact]
    public async Task A_dialog_whose_answer_is_lost_says_so()
    {
        const string text = "That did not work: the server could not be reached.";
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        bool isLost = true;
        await person.RouteAsync("**/lazy/switcher.js*", LoseAsync);
        await person.RouteAsync("**/chat/me/", LoseAsync);
        await alice.Page.Keyboard.PressAsync("Control+k");
        await Expect(alice.Dialog.Locator(".error")).ToHaveTextAsync(text);
        await alice.Page.Keyboard.PressAsync("Escape");
        await OpenMemberAsync(alice);
        await Expect(alice.Dialog.Locator(".error")).ToHaveTextAsync(text);
        await alice.Page.Keyboard.PressAsync("Escape");
        isLost = false;
        await KeepNickAsync(alice);

        await using Person other = await browser.NewPersonAsync();
        ChatPage phone = await SignInAsync(other, site);
        isLost = true;
        await other.RouteAsync("**/chat/devices/", LoseAsync);
        await OpenMemberAsync(phone);
        await Expect(phone.Dialog.Locator(".devices .error")).ToHaveTextAsync(text);
        Assert.Empty(alice.Complaints);
        Assert.Empty(phone.Complaints);

        Task LoseAsync(IRoute route) => isLost ? route.AbortAsync() : route.ContinueAsync();
    }

    // The user is away for longer than the idle limit, on both devices. Meanwhile somebody writes, and the server is restarted.
    [Fact]
    public async Task One_user_on_two_devices_is_away_comes_back_and_reads_on_one_of_them()
    {
        string folder = Directory.CreateTempSubdirectory("erlchat").FullName;
        string[] options = ChatSite.Durable(folder);
        await using (ChatSite site = await ChatSite.StartAsync(options))
        {
            await using Person laptop = await browser.NewPersonAsync();
            ChatPage alice = await ChatPage.LogInAsync(laptop, site, "alice");
            await KeepNickAsync(alice);

            await using Person phone = await browser.NewPersonAsync(Phone);
            ChatPage pocket = await ChatPage.OpenLoginAsync(phone, site);
            await pocket.SubmitNickAsync("alice");
            await Expect(pocket.Page.Locator("#login-error")).ToContainTextAsync("belongs to a member");
            await pocket.PictureAsync("login-member-phone");
            await pocket.Page.Locator("#password").FillAsync(Password);
            await pocket.Page.Locator("#login button").ClickAsync();
            await Expect(pocket.Status).ToHaveAttributeAsync("data-state", "connected");
            await Expect(alice.Users).ToHaveCountAsync(1);

            // What is said on one device appears as the user's own on the other.
            await pocket.SayAsync("from my pocket");
            await Expect(alice.Page.Locator("#messages .own")).ToContainTextAsync("from my pocket");

            await laptop.SetOfflineAsync(true);
            await phone.SetOfflineAsync(true);
            site.ShortenIdleLimit();
            await Eventually.BeTrueAsync(() => Devices(site).All(one => !one.IsOnline), TimeSpan.FromSeconds(30));
            Visitor guest = await Visitor.JoinAsync(site, "guest");
            await guest.WhisperAsync("alice", "are you there?");
            await site.StopAsync();
            await site.StartAgainAsync(options);
            await laptop.SetOfflineAsync(false);
            await phone.SetOfflineAsync(false);

            await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
            await Expect(pocket.Status).ToHaveAttributeAsync("data-state", "connected");
            await Expect(alice.Conversation("@guest").Locator(".badge")).ToHaveTextAsync("1");
            await Expect(pocket.Conversation("@guest").Locator(".badge")).ToHaveTextAsync("1");
            await alice.PictureAsync("two-devices-unread");
            await alice.Conversation("@guest").ClickAsync();
            await alice.SeesAsync("are you there?");
            await Expect(pocket.Conversation("@guest").Locator(".badge")).ToHaveCountAsync(0);
            Assert.Empty(alice.Complaints);
            Assert.Empty(pocket.Complaints);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Devices_and_the_password_are_in_the_settings()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person laptop = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(laptop, site, "alice");
        await KeepNickAsync(alice);
        await using Person phone = await browser.NewPersonAsync(Phone);
        ChatPage pocket = await SignInAsync(phone, site);

        await OpenMemberAsync(alice);
        await Expect(alice.Dialog.Locator(".devices li")).ToHaveCountAsync(2);
        await alice.PictureAsync("devices");
        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Expect(alice.Dialog.Locator(".devices li")).ToHaveCountAsync(1);
        await Expect(pocket.Status).ToContainTextAsync("You have left the chat");

        await alice.Dialog.GetByText("Change the password").ClickAsync();
        await alice.Dialog.Locator("input").Nth(0).FillAsync("not the password");
        await alice.Dialog.Locator("input").Nth(1).FillAsync("a cow in the snow");
        await alice.Dialog.Locator("form button").ClickAsync();
        await Expect(alice.Dialog.Locator(".error")).ToContainTextAsync("that is not the password");
        await alice.Dialog.Locator("input").Nth(0).FillAsync(Password);
        await alice.Dialog.Locator("form button").ClickAsync();
        await Expect(alice.Dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("The password is changed");
        await alice.PictureAsync("password-changed");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Own_data_are_downloaded_and_deleted_in_the_settings()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person laptop = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(laptop, site, "alice");
        await KeepNickAsync(alice);
        await using Person other = await browser.NewPersonAsync();
        ChatPage bob = await ChatPage.LogInAsync(other, site, "bob");
        await alice.SayAsync("to be forgotten");
        await bob.SeesAsync("to be forgotten");

        await OpenMemberAsync(alice);
        IDownload download = await alice.Page.RunAndWaitForDownloadAsync(
            () => alice.Dialog.GetByRole(AriaRole.Link, new() { Name = "Download my data" }).ClickAsync());
        string data = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.Contains("to be forgotten", data, StringComparison.Ordinal);
        Assert.EndsWith("{\"kind\":\"end\"}\n", data, StringComparison.Ordinal);

        await alice.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete my account" }).ClickAsync();
        await Expect(alice.Dialog.Locator("h2")).ToHaveTextAsync("Delete my account");
        await alice.PictureAsync("delete-account");
        await alice.Dialog.Locator("input[type=password]").FillAsync("not the password");
        await alice.Dialog.Locator("input[type=checkbox]").CheckAsync();
        await alice.Page.EvaluateAsync("() => { localStorage.setItem('neighbour', '1'); sessionStorage.setItem('erlchat.drafts', '{}'); }");
        await alice.Dialog.Locator("form button").ClickAsync();
        await Expect(alice.Dialog.Locator(".error")).ToContainTextAsync("that is not the password");
        await alice.Dialog.Locator("input[type=password]").FillAsync(Password);
        await alice.Dialog.Locator("form button").ClickAsync();
        await Expect(alice.Page.Locator("#login")).ToBeVisibleAsync();

        // What another application at the same address has stored stays.
        string[] kept = await alice.Page.EvaluateAsync<string[]>("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]");
        Assert.Equal(["neighbour"], kept);

        await Expect(bob.Users).ToHaveCountAsync(1);
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    private static IReadOnlyList<SessionView> Devices(ChatSite site)
    {
        ChatRoom room = site.Services.GetRequiredService<ChatRoom>();
        return room.FindNick("alice") is { } newest ? room.SessionsOf(newest.Key) : [];
    }
}

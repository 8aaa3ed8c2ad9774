using ErlChat.Web.Tests.Oidc;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Logins with an account at a provider, and with an invitation, in the browser.</summary>
public sealed class ProviderTests(Browser browser)
{
    // The chat is at another site than the provider, as the browser sees it, so cookies and forms behave as on the Internet.
    [Fact]
    public async Task The_button_leads_to_the_provider_and_back_into_the_chat_and_next_time_to_the_same_person()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatSite site = await ChatSite.StartAsync(
            ["--Chat:Guests=None", .. provider.Options.Select(option => "--" + option)]);
        string address = site.Address.Replace("127.0.0.1", Browser.Name, StringComparison.Ordinal);
        await using Person laptop = await browser.NewPersonAsync();
        ChatPage ada = await ChatPage.OpenLoginAsync(laptop, address);
        await ada.PictureAsync("login-with-provider");
        await LogInAsync(ada);
        await Expect(ada.Page.Locator("#nick")).ToHaveValueAsync("ada");
        await ada.PictureAsync("newcomer");
        await ada.Page.Locator("#nick").FillAsync("lovelace");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Enter the chat" }).ClickAsync();
        await Expect(ada.Status).ToHaveAttributeAsync("data-state", "connected");
        await ada.SayAsync("hello from the laptop");

        await using Person phone = await browser.NewPersonAsync();
        ChatPage pocket = await ChatPage.OpenLoginAsync(phone, address);
        await LogInAsync(pocket);
        await Expect(pocket.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(pocket.Page.Locator("#messages .own")).ToContainTextAsync("hello from the laptop");
        await Expect(pocket.Users).ToHaveCountAsync(1);

        // Without a password there is none to change, and none to ask for.
        await Device.OpenMemberAsync(pocket);
        await Expect(pocket.Dialog.Locator(".devices li")).ToHaveCountAsync(2);
        await Expect(pocket.Dialog.GetByText("Change the password")).ToHaveCountAsync(0);
        await pocket.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete my account" }).ClickAsync();
        await Expect(pocket.Dialog.Locator("input[type=checkbox]")).ToBeVisibleAsync();
        await Expect(pocket.Dialog.Locator("input[type=password]")).ToHaveCountAsync(0);
        Assert.Empty(ada.Complaints);
        Assert.Empty(pocket.Complaints);

        provider.Refuses = true;
        await using Person refused = await browser.NewPersonAsync();
        ChatPage nobody = await ChatPage.OpenLoginAsync(refused, address);
        await LogInAsync(nobody);
        await Expect(nobody.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The login did not work");
        await nobody.PictureAsync("provider-failed");
        Assert.Empty(nobody.Complaints);
    }

    [Fact]
    public async Task A_member_with_a_password_connects_an_account_in_the_settings_and_disconnects_it()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatSite site = await ChatSite.StartAsync([.. provider.Options.Select(option => "--" + option)]);
        string address = site.Address.Replace("127.0.0.1", Browser.Name, StringComparison.Ordinal);
        await using Person laptop = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.OpenLoginAsync(laptop, address);
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await Device.KeepNickAsync(alice);
        await Device.OpenMemberAsync(alice);
        await ConfirmAsync(alice, "Connect with the office");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");

        await using Person phone = await browser.NewPersonAsync();
        ChatPage pocket = await ChatPage.OpenLoginAsync(phone, address);
        await LogInAsync(pocket);
        await Expect(pocket.Status).ToHaveAttributeAsync("data-state", "connected");
        await Expect(pocket.Users).ToHaveCountAsync(1);

        await Device.OpenMemberAsync(pocket);
        await ConfirmAsync(pocket, "Disconnect from the office");
        await Expect(pocket.Dialog.Locator("summary", new() { HasText = "Connect with the office" })).ToBeVisibleAsync();
        await pocket.PictureAsync("disconnected-from-provider");
        Assert.Empty(alice.Complaints);
        Assert.Empty(pocket.Complaints);

        static async Task ConfirmAsync(ChatPage page, string what)
        {
            await page.Dialog.Locator("summary", new() { HasText = what }).ClickAsync();
            await page.Dialog.Locator("details[open] input[type=password]").FillAsync(Device.Password);
            await page.PictureAsync("provider-" + what.Split(' ')[0]);
            await page.Dialog.Locator("details[open] form button").ClickAsync();
        }
    }

    [Fact]
    public async Task A_link_into_a_room_survives_the_way_to_the_provider_and_back()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatSite site = await ChatSite.StartAsync([.. provider.Options.Select(option => "--" + option)]);
        await using Person owner = await browser.NewPersonAsync();
        ChatPage alice = await RoomDialogTests.OpenDenAsync(owner, site);
        string link = await RoomDialogTests.MakeLinkAsync(alice);
        await using Person newcomer = await browser.NewPersonAsync();
        ChatPage ada = await ChatPage.OpenLoginAsync(newcomer, link);
        await Expect(ada.Page.Locator("form#login")).ToContainTextAsync("The link leads into a room");
        await LogInAsync(ada);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Enter the chat" }).ClickAsync();
        await Expect(ada.Title).ToHaveTextAsync("#den");

        // It is used once.
        await ada.LeaveForGoodAsync();
        await Expect(ada.Conversation("#den")).ToHaveCountAsync(0);
        await ada.Page.ReloadAsync();
        await Expect(ada.Status).ToHaveAttributeAsync("data-state", "connected");
        Assert.Null(await ada.Page.EvaluateAsync<string?>("() => sessionStorage.getItem('erlchat.link')"));
        await Expect(ada.Conversation("#den")).ToHaveCountAsync(0);
        Assert.Empty(ada.Complaints);
    }

    [Fact]
    public async Task A_link_to_a_message_survives_the_way_to_the_provider_and_back()
    {
        await using IdentityProvider provider = await IdentityProvider.StartAsync();
        await using ChatSite site = await ChatSite.StartAsync(
            ["--Chat:RateLimitCount=1000", .. provider.Options.Select(option => "--" + option)]);
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("garden");
        await guest.SayAsync("the needle", "garden");
        await using Person owner = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(owner, site, "alice");
        await alice.SayAsync("/join garden");
        string? link = await alice.MessageOf("the needle").Locator("time a").GetAttributeAsync("href");
        for (int i = 0; i < 60; i++)
            await guest.SayAsync($"straw {i}", "garden");

        await using Person newcomer = await browser.NewPersonAsync();
        string address = site.Address.Replace("127.0.0.1", Browser.Name, StringComparison.Ordinal);
        ChatPage ada = await ChatPage.OpenLoginAsync(newcomer, address + link);
        await LogInAsync(ada);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Enter the chat" }).ClickAsync();
        await Expect(ada.Title).ToHaveTextAsync("#garden");
        await Expect(ada.Page.Locator(".found")).ToContainTextAsync("the needle");
        Assert.EndsWith(link!, ada.Page.Url, StringComparison.Ordinal);

        // It is used once.
        await ada.Page.GotoAsync(address + "/chat/");
        await Expect(ada.Status).ToHaveAttributeAsync("data-state", "connected");
        Assert.Null(await ada.Page.EvaluateAsync<string?>("() => sessionStorage.getItem('erlchat.place')"));
        Assert.EndsWith("/chat/", ada.Page.Url, StringComparison.Ordinal);
        Assert.Empty(ada.Complaints);
    }

    [Fact]
    public async Task A_guest_pastes_an_invitation_and_somebody_else_opens_one()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:Registration=Invite", "--Chat:AdminPassword=demopass");
        await using Person boss = await browser.NewPersonAsync();
        ChatPage root = await ChatPage.OpenLoginAsync(boss, site.Address + "/admin/");
        await root.SubmitNickAsync("root1");
        await root.Dialog.Locator("input").FillAsync("demopass");
        await root.Page.Keyboard.PressAsync("Enter");
        await Expect(root.Page.Locator("#health")).ToHaveTextAsync("Ready");
        string first = await InviteAsync(root);

        await using Person guest = await browser.NewPersonAsync();
        ChatPage bob = await ChatPage.LogInAsync(guest, site, "bob");
        await bob.Page.Locator("#settings-open").ClickAsync();
        await bob.Dialog.GetByRole(AriaRole.Button, new() { Name = "Nickname and devices" }).ClickAsync();
        await bob.Dialog.Locator("input[type=password]").FillAsync("a horse in the rain");
        await bob.Dialog.Locator("form button").ClickAsync();
        await Expect(bob.Dialog.Locator(".error")).ToContainTextAsync("only those who are invited");
        await bob.Dialog.GetByLabel("Invitation").FillAsync(first);
        await bob.PictureAsync("invitation-pasted");
        await bob.Dialog.Locator("form button").ClickAsync();
        await Expect(bob.Dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("The nickname is yours now.");

        // By a name without https, where browsers disclose least about the sender of a form.
        string second = (await InviteAsync(root)).Replace("127.0.0.1", Browser.Name, StringComparison.Ordinal);
        await using Person stranger = await browser.NewPersonAsync();
        ChatPage eve = await ChatPage.OpenLoginAsync(stranger, second);
        await eve.PictureAsync("invitation");
        await eve.Page.Locator("#nick").FillAsync("eve");
        await eve.Page.Locator("#password").FillAsync("a cow in the snow");
        await eve.Page.GetByRole(AriaRole.Button, new() { Name = "Enter the chat" }).ClickAsync();
        await Expect(eve.Status).ToHaveAttributeAsync("data-state", "connected");
        Assert.Empty(root.Complaints);
        Assert.Empty(bob.Complaints);
        Assert.Empty(eve.Complaints);
    }

    private static Task LogInAsync(ChatPage page) =>
        page.Page.GetByRole(AriaRole.Link, new() { Name = "Log in with the office" }).ClickAsync();

    /// <summary>Makes an invitation on the operator's page. Returns the link.</summary>
    private static async Task<string> InviteAsync(ChatPage root)
    {
        ILocator link = root.Page.Locator("#invitation-state code");
        string before = await link.CountAsync() == 0 ? "" : await link.InnerTextAsync();
        await root.Page.Locator("#invitation button").ClickAsync();
        await Expect(link).Not.ToHaveTextAsync(before);
        return await link.InnerTextAsync();
    }
}

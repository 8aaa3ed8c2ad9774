using System.Text.RegularExpressions;
using ErlChat.Testing;
using ErlChat.Web.Tests.Emails;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>A member who stores an e-mail address, forgets the password, and gets a link for a new one, in the browser.</summary>
public sealed class EmailTests(Browser browser)
{
    [Fact]
    public async Task A_member_confirms_an_address_in_the_settings_and_comes_back_with_a_new_password()
    {
        await using var box = new PostBox();
        string address = $"http://127.0.0.1:{LoopbackPort.Free()}";
        await using ChatSite site = await ChatSite.ListenAsync(
            address, [.. box.Options.Select(option => "--" + option), $"--Chat:PublicUrl={address}"]);
        await using Person laptop = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(laptop, site, "alice");
        await Device.KeepNickAsync(alice);
        await Device.OpenMemberAsync(alice);
        await alice.Dialog.Locator("summary", new() { HasText = "E-mail address" }).ClickAsync();
        ILocator form = alice.Dialog.Locator("details[open] form");
        await form.Locator("input[type=email]").FillAsync("alice@mail.example");
        await form.Locator("input[type=password]").FillAsync("not the password");
        await form.Locator("button").ClickAsync();
        await Expect(form.Locator(".error")).ToContainTextAsync("that is not the password");
        await form.Locator("input[type=password]").FillAsync(Device.Password);
        await form.Locator("button").ClickAsync();
        await Expect(alice.Dialog.Locator("details[open] [role=status]")).ToContainTextAsync("on its way to alice@mail.example");
        await alice.PictureAsync("email-pending");

        await using Person phone = await browser.NewPersonAsync(Device.Phone);
        ChatPage pocket = await ChatPage.OpenLoginAsync(phone, LinkIn(await box.TakeAsync()));
        await Expect(pocket.Page.Locator("main")).ToContainTextAsync("alice@mail.example");
        await pocket.PictureAsync("email-confirm");
        await pocket.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm the address" }).ClickAsync();
        await Expect(pocket.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("is confirmed");

        await pocket.Page.GotoAsync(address);
        await pocket.Page.Locator("#nick").FillAsync("alice");
        await pocket.Page.Locator("details summary").ClickAsync();
        await pocket.Page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await pocket.PictureAsync("forgotten");
        await pocket.Page.Locator("#nick").FillAsync("alice");
        await pocket.Page.GetByRole(AriaRole.Button, new() { Name = "Send me a link" }).ClickAsync();
        await Expect(pocket.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("is on its way");
        await pocket.Page.GotoAsync(LinkIn(await box.TakeAsync()));
        await pocket.Page.Locator("#password").FillAsync("a cow in the snow");
        await pocket.Page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();
        await Expect(pocket.Page.Locator("main")).ToContainTextAsync("The new password of alice is set");
        await Expect(alice.Status).ToContainTextAsync("You have left the chat");
        Assert.Empty(alice.Complaints);
        Assert.Empty(pocket.Complaints);
    }

    private static string LinkIn(MimeMessage email) => Regex.Match(email.TextBody!, @"http://\S+\?token=\S+").Value;
}

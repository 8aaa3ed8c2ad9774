using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>A member's devices: how a guest becomes a member on the page, and how a member comes in on another device.</summary>
internal static class Device
{
    internal const string Password = "a horse in the rain";

    /// <summary>A phone in upright position.</summary>
    internal static BrowserNewContextOptions Phone => new()
    {
        ViewportSize = new() { Width = 360, Height = 640 },
        HasTouch = true,
        IsMobile = true,
        DeviceScaleFactor = 2,
    };

    internal static async Task OpenMemberAsync(ChatPage page)
    {
        await page.Page.Locator("#settings-open").ClickAsync();
        await page.Dialog.GetByRole(AriaRole.Button, new() { Name = "Nickname and devices" }).ClickAsync();
        await Expect(page.Dialog.Locator("h2")).ToHaveTextAsync("Nickname and devices");
    }

    /// <summary>Makes the page's guest a member.</summary>
    internal static async Task KeepNickAsync(ChatPage page)
    {
        await OpenMemberAsync(page);
        await page.PictureAsync("keep-nick");
        await page.Dialog.Locator("input").FillAsync("short");
        await page.Dialog.Locator("form button").ClickAsync();
        await Expect(page.Dialog.Locator(".error")).ToContainTextAsync("too short");
        await page.Dialog.Locator("input").FillAsync(Password);
        await page.Dialog.Locator("form button").ClickAsync();
        await Expect(page.Dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("The nickname is yours now.");
        await page.Dialog.Locator(".dismiss").ClickAsync();
        await Expect(page.Status).ToHaveAttributeAsync("data-state", "connected");
    }

    /// <summary>Logs the member alice in.</summary>
    internal static async Task<ChatPage> SignInAsync(Person person, ChatSite site)
    {
        ChatPage page = await ChatPage.OpenLoginAsync(person, site);
        await page.Page.Locator("#nick").FillAsync("alice");
        await page.Page.Locator("details summary").ClickAsync();
        await page.Page.Locator("#password").FillAsync(Password);
        await page.Page.Locator("#login button").ClickAsync();
        await Expect(page.Status).ToHaveAttributeAsync("data-state", "connected");
        return page;
    }
}

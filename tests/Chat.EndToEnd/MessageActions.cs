using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>What a user does with a message, with the mouse.</summary>
internal static class MessageActions
{
    /// <summary>A browser window of a width, in a theme, that does not wait for animations.</summary>
    internal static BrowserNewContextOptions Window(ColorScheme theme, int width) => new()
    {
        ColorScheme = theme,
        ReducedMotion = ReducedMotion.Reduce,
        ViewportSize = new ViewportSize { Width = width, Height = 800 },
    };

    /// <summary>The messages with a text, not counting what they quote.</summary>
    internal static ILocator MessageOf(this ChatPage page, string text) => page.Page.Locator(
        "#lines .message", new() { Has = page.Page.Locator(".text", new() { HasTextRegex = new Regex(Regex.Escape(text)) }) });

    internal static async Task ReactAsync(this ChatPage page, string text, string emoji)
    {
        await page.MessageOf(text).HoverAsync();
        await page.Page.ClickAsync($".quick [data-emoji='{emoji}']");
    }

    internal static async Task ReplyAsync(this ChatPage page, string text)
    {
        await page.MessageOf(text).HoverAsync();
        await page.Page.ClickAsync(".quick button[aria-label='Reply']");
    }

    /// <summary>Opens the menu of a message, and presses one of its buttons.</summary>
    internal static async Task ChooseAsync(this ChatPage page, string text, string action)
    {
        await page.MessageOf(text).HoverAsync();
        await page.Page.ClickAsync(".actions button");
        await page.Page.ClickAsync($".menu button:text-is('{action}')");
    }
}

using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The chat page as a user operates it.</summary>
internal sealed class ChatPage
{
    private readonly List<string> _complaints = [];

    private ChatPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            // On a name without https Chromium reports that it ignores one of the headers.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                && !message.Text.StartsWith("The Cross-Origin-Opener-Policy header has been ignored", StringComparison.Ordinal))
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    internal IPage Page { get; }

    internal ILocator Messages => Page.Locator("#messages");

    internal ILocator Users => Page.Locator("#users li");

    /// <summary>The room or person that is open, as the side bar shows it.</summary>
    internal ILocator Selected => Page.Locator("#sidebar button[aria-current]");

    internal ILocator Title => Page.Locator("#title");

    internal ILocator Input => Page.Locator("#input");

    internal ILocator Dialog => Page.Locator("dialog[open]");

    internal ILocator Status => Page.Locator("#status");

    /// <summary>Script errors and violations of the content policy. A lost connection is not one of them.</summary>
    internal IReadOnlyList<string> Complaints => _complaints;

    internal static Task<ChatPage> OpenLoginAsync(Person person, ChatSite site) => OpenLoginAsync(person, site.Address);

    /// <param name="address">The address that the person opens: a name, or a proxy.</param>
    internal static async Task<ChatPage> OpenLoginAsync(Person person, string address)
    {
        var page = new ChatPage(await person.NewPageAsync());
        await page.Page.GotoAsync(address);
        return page;
    }

    internal static async Task<ChatPage> LogInAsync(Person person, ChatSite site, string nick)
    {
        ChatPage page = await OpenLoginAsync(person, site);
        await page.SubmitNickAsync(nick);
        await Expect(page.Status).ToHaveAttributeAsync("data-state", "connected");
        return page;
    }

    /// <summary>Another tab of the same browser.</summary>
    internal static async Task<ChatPage> OpenTabAsync(Person person, ChatSite site)
    {
        ChatPage page = await OpenUnreadyTabAsync(person, site);
        await Expect(page.Status).ToHaveAttributeAsync("data-state", "connected");
        return page;
    }

    /// <summary>Another tab, whose scripts need not be there yet.</summary>
    internal static async Task<ChatPage> OpenUnreadyTabAsync(Person person, ChatSite site)
    {
        var page = new ChatPage(await person.NewPageAsync());
        await page.Page.GotoAsync(site.Address + "/chat/", new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        return page;
    }

    internal async Task SubmitNickAsync(string nick)
    {
        await Page.FillAsync("#nick", nick);
        await Page.ClickAsync("form#login button");
    }

    internal async Task SayAsync(string text)
    {
        await Page.FillAsync("#input", text);

        // Enter alone begins a line on a phone.
        await Page.PressAsync("#input", "Control+Enter");
    }

    /// <summary>Becomes an administrator through the dialog that opens when the user types the command.</summary>
    internal async Task AuthenticateAsync(string password)
    {
        await Page.FillAsync("#input", "/auth ");
        await Dialog.Locator("input").FillAsync(password);
        await Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Leaves the open room, to which there is no way back: so the page asks.</summary>
    internal async Task LeaveForGoodAsync()
    {
        await Page.ClickAsync("#leave-room");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Leave", Exact = true }).ClickAsync();
    }

    /// <summary>The button of a room or a person in the side bar: <c>#dev</c>, <c>@bob</c>.</summary>
    internal ILocator Conversation(string key) => Page.Locator($"#sidebar [data-key=\"{key}\"]");

    internal Task SeesAsync(string text) => Expect(Messages).ToContainTextAsync(text);

    /// <summary>The texts of the messages, in the order shown.</summary>
    internal Task<IReadOnlyList<string>> TextsAsync() => Page.Locator("#messages .message .text").AllTextContentsAsync();

    /// <summary>A script for a new page that counts, as <c>calls</c>, how often the page begins to call a path.</summary>
    internal static string CountCalls(string path) => $$"""
        window.calls = 0;
        const send = window.fetch;
        window.fetch = (...call) => {
          if (String(call[0]).endsWith('{{path}}')) window.calls++;
          return send(...call);
        };
        """;

    /// <summary>Waits until a script expression is true. Playwright's own method needs eval, which our content policy forbids.</summary>
    internal async Task UntilAsync(string expression)
    {
        for (int looks = 0; !await Page.EvaluateAsync<bool>(expression); looks++)
        {
            Assert.True(looks < 300, expression);
            await Page.WaitForTimeoutAsync(50);
        }
    }

    /// <summary>Waits until a script that the page loads, with what it imports, has run, and the page has gone on with it.</summary>
    /// <param name="file">The end of its address.</param>
    internal async Task LoadedAsync(string file)
    {
        await UntilAsync($"performance.getEntriesByType('resource').some(({{ name }}) => name.endsWith('{file}'))");

        // The same address is the same module, which runs only once. Whoever waited for it before comes first.
        await Page.EvaluateAsync("""
            async file => {
              await import(performance.getEntriesByType('resource').find(({ name }) => name.endsWith(file)).name);
              await new Promise(done => setTimeout(done));
            }
            """, file);
    }

    internal Task PictureAsync(string name) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browser.Pictures, name + ".png") });
}

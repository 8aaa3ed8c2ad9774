using ErlChat.Testing;
using Microsoft.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>A user at a separate machine: a browser profile, with its pages.</summary>
/// <remarks>Calls to which Playwright gives no deadline have one here.</remarks>
public sealed class Person(IBrowserContext profile) : IAsyncDisposable
{
    public Task<IPage> NewPageAsync() => profile.NewPageAsync().WithinAsync(Browser.Patience);

    public Task<ICDPSession> NewCDPSessionAsync(IPage page) => profile.NewCDPSessionAsync(page).WithinAsync(Browser.Patience);

    public Task AddInitScriptAsync(string script) => profile.AddInitScriptAsync(script).WithinAsync(Browser.Patience);

    /// <summary>Lets pages read and write the clipboard without asking.</summary>
    public Task AllowClipboardAsync() =>
        profile.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]).WithinAsync(Browser.Patience);

    /// <summary>Lets tests move the clock of later pages on. Timers then fire as after a computer's sleep: each once.</summary>
    public Task InstallClockAsync() => profile.Clock.InstallAsync().WithinAsync(Browser.Patience);

    public Task MoveClockAsync(TimeSpan by) => profile.Clock.FastForwardAsync((long)by.TotalMilliseconds).WithinAsync(Browser.Patience);

    public Task RouteAsync(string url, Func<IRoute, Task> handler) => profile.RouteAsync(url, handler).WithinAsync(Browser.Patience);

    /// <summary>The names of the cookies that the browser keeps.</summary>
    public async Task<IReadOnlyList<string>> CookiesAsync() =>
        [.. (await profile.CookiesAsync().WithinAsync(Browser.Patience)).Select(cookie => cookie.Name)];

    public Task SetOfflineAsync(bool offline) => profile.SetOfflineAsync(offline).WithinAsync(Browser.Patience);

    /// <summary>
    /// If a profile is closed while one of its pages is navigating, Chromium never closes it (the answer to Target.disposeBrowserContext
    /// does not come). So the pages first navigate to an empty page.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await profile.UnrouteAllAsync().WithinAsync(Browser.Patience);
        foreach (IPage page in profile.Pages)
            await RestAsync(page);
        await profile.CloseAsync().WithinAsync(Browser.Patience);
    }

    private static async Task RestAsync(IPage page)
    {
        // The page's own navigation may interfere. The empty page does not navigate by itself.
        for (int tries = 0; tries < 3; tries++)
        {
            try
            {
                await page.GotoAsync("about:blank");
                return;
            }
            catch (PlaywrightException)
            {
                // Try again.
            }
        }
    }
}

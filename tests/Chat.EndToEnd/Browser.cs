using ErlChat.EndToEnd;
using ErlChat.Testing;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace ErlChat.EndToEnd;

/// <summary>Debian's Chromium, started once for all tests. It can reach only this machine.</summary>
/// <remarks>
/// The headless shell has the engine and no windows. Chromium itself draws a whole window for each page of a test, even with
/// <c>--headless</c>, and the tests take half as long again.
/// </remarks>
public sealed class Browser : IAsyncLifetime
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A name that only the browser resolves to this machine, like a name in a home network without https.</summary>
    internal const string Name = "chat.lan";

    /// <summary>How long anything may take. Long enough for a machine that is busy with other things: what is wrong stays wrong.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The folder for the screenshots of this run.</summary>
    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    public async ValueTask InitializeAsync()
    {
        const string path = "/usr/bin/chromium-headless-shell";
        Assert.True(File.Exists(path), $"{path} is missing: install Debian's package chromium-headless-shell (make test does, as root).");
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync().WithinAsync(s_start);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args =
            [
                "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", $"--host-resolver-rules=MAP {Name} 127.0.0.1",
            ],
        }).WithinAsync(s_start);
    }

    /// <summary>A separate browser profile, as on another user's machine.</summary>
    public async Task<Person> NewPersonAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1100, Height = 700 } };
        IBrowserContext profile = await _browser!.NewContextAsync(options).WithinAsync(Patience);
        profile.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        return new Person(profile);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync().WithinAsync(Patience);
        _playwright?.Dispose();
    }
}

using ErlChat.EndToEnd;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace ErlChat.EndToEnd;

/// <summary>Debian's Chromium, headless, started once for all tests. It reaches nothing but this machine.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where the pictures of this run are kept.</summary>
    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    public async ValueTask InitializeAsync()
    {
        const string path = "/usr/bin/chromium";
        Assert.True(File.Exists(path), $"{path} is missing: install Debian's package chromium (make test does, as root).");
        // The machine may be busy with other things; what is wrong stays wrong.
        Assertions.SetDefaultExpectTimeout(15_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A browser profile of its own, as another person's machine has it.</summary>
    public async Task<IBrowserContext> NewPersonAsync(BrowserNewContextOptions? options = null)
    {
        IBrowserContext context = await _browser!.NewContextAsync(options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1100, Height = 700 } });
        context.SetDefaultTimeout(15_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

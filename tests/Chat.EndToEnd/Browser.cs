using ErlChat.EndToEnd;
using ErlChat.Testing;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace ErlChat.EndToEnd;

/// <summary>Debian's Chromium, headless, started once for all tests. It reaches nothing but this machine.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A name that the browser, and nobody else, takes for this machine: as people have one in their network, without https.</summary>
    internal const string Name = "chat.lan";

    /// <summary>How long anything may take: the machine may be busy with other things, and what is wrong stays wrong.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Where the pictures of this run are kept.</summary>
    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    public async ValueTask InitializeAsync()
    {
        const string path = "/usr/bin/chromium";
        Assert.True(File.Exists(path), $"{path} is missing: install Debian's package chromium (make test does, as root).");
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync().WithinAsync(s_start);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                $"--host-resolver-rules=MAP {Name} 127.0.0.1"],
        }).WithinAsync(s_start);
    }

    /// <summary>A browser profile of its own, as another person's machine has it.</summary>
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

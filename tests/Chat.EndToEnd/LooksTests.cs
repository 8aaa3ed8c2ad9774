using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>What can be measured of how the chat page looks. The screenshots are for a person to look at.</summary>
public sealed class LooksTests(Browser browser)
{
    private static readonly (int Width, int Height)[] s_sizes = [(1440, 900), (1280, 800), (2560, 1300), (390, 844), (360, 740)];

    /// <summary>The size and the line height of a text, as the browser computed them.</summary>
    private const string Type = "element => [getComputedStyle(element)].map(({ fontSize, lineHeight }) => fontSize + ' ' + lineHeight)[0]";

    /// <summary>The controls that a finger would miss. Links within a text are as high as its lines.</summary>
    private const string Small = """
        () => [...document.querySelectorAll('button, a, summary, input, select, textarea')]
          .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.text') && !one.closest('[inert]'))
          .map((one) => [one.id || one.className, (one.closest('label.check') ?? one).getBoundingClientRect()])
          .filter(([, { width, height }]) => width > 0 && (width < 44 || height < 43.9))
          .map(([name, { width, height }]) => `${name} ${width} x ${height}`)
        """;

    /// <summary>The contrast of each color of names with each background, as "ratio color background".</summary>
    private const string Contrasts = """
        () => {
          const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          const luminance = (color) => {
            context.fillStyle = color;
            context.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((one) => one / 255)
              .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const all = [];
          for (let i = 0; i < 16; i++) {
            const name = document.createElement('b');
            document.body.append(name);
            for (const back of ['page', 'sheet', 'hover', 'own', 'mark', 'raised', 'avatar']) {
              name.className = `hue hue-${i} ${i % 2 ? 'pale' : ''} ${back}`;
              name.style.backgroundColor = back === 'avatar' ? '' : `var(--${back})`;
              const { color, backgroundColor } = getComputedStyle(name);
              const [one, other] = [luminance(color), luminance(backgroundColor)].sort((a, b) => b - a);
              all.push(`${(one + 0.05) / (other + 0.05)} ${color} ${back}`);
            }
            name.remove();
          }
          return all;
        }
        """;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_is_readable_at_every_size_and_the_message_box_is_in_view(ColorScheme theme)
    {
        await using ChatSite site = await StartAsync();
        await using Person person = await browser.NewPersonAsync(
            new BrowserNewContextOptions { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await TalkAsync(site, alice);
        string name = theme == ColorScheme.Dark ? "dark" : "light";
        foreach ((int width, int height) in s_sizes)
        {
            await alice.Page.SetViewportSizeAsync(width, height);
            await alice.PictureAsync($"looks-{name}-{width}");
            await MeasureAsync(alice, width, height);
        }

        Assert.Equal("15px 22px", await alice.Page.Locator("#lines .message .text").First.EvaluateAsync<string>(Type));
        Assert.Equal("13px 20px", await alice.Page.Locator("#lines > .row > .system").First.EvaluateAsync<string>(Type));
        Assert.Empty(alice.Complaints);
    }

    /// <summary>A window of 1440 x 900 at 200 %, and one of 1280 x 1024 at 400 % (WCAG 1.4.10).</summary>
    [Theory]
    [InlineData(720, 450)]
    [InlineData(320, 256)]
    public async Task Zoomed_in_nothing_needs_sideways_scrolling(int width, int height)
    {
        await using ChatSite site = await StartAsync();
        await using Person person = await browser.NewPersonAsync(
            new BrowserNewContextOptions { ViewportSize = new() { Width = width, Height = height }, DeviceScaleFactor = 2 });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await TalkAsync(site, alice);
        await alice.PictureAsync($"zoomed-{width}");
        await MeasureAsync(alice, width, height);
    }

    [Fact]
    public async Task Fingers_hit_every_control()
    {
        await using ChatSite site = await StartAsync();
        await using Person person = await browser.NewPersonAsync(Device.Phone);
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await TalkAsync(site, alice);
        Assert.Empty(await alice.Page.EvaluateAsync<string[]>(Small));
        foreach (string opener in (string[])["#rooms-open", "#people-open"])
        {
            await alice.Page.ClickAsync(opener);
            Assert.Empty(await alice.Page.EvaluateAsync<string[]>(Small));
            await alice.PictureAsync("fingers" + opener.Replace('#', '-'));
            await alice.Page.Keyboard.PressAsync("Escape");
        }

        foreach (string opener in (string[])["#room-open", "#search-open"])
        {
            await alice.Page.ClickAsync(opener);
            await Expect(alice.Dialog).ToBeVisibleAsync();
            Assert.Empty(await alice.Dialog.EvaluateAsync<string[]>(Small));
            await alice.Page.Keyboard.PressAsync("Escape");
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task With_forced_colors_what_backgrounds_tell_has_an_outline_or_a_border(ColorScheme theme)
    {
        await using ChatSite site = await StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions
        {
            ColorScheme = theme,
            ForcedColors = ForcedColors.Active,
            ViewportSize = new() { Width = 1280, Height = 800 },
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await TalkAsync(site, alice);
        await alice.PictureAsync($"forced-{theme}");
        Assert.Equal("solid", await StyleAsync(alice.Selected, "outlineStyle"));
        Assert.Equal("solid", await StyleAsync(alice.Page.Locator(".avatar").First, "borderTopStyle"));
        Assert.Equal("4px", await StyleAsync(alice.Page.Locator(".mentioned").First, "borderInlineStartWidth"));
        Assert.Equal("underline", await StyleAsync(alice.Page.Locator(".text .mention").First, "textDecorationLine"));
        ILocator dot = alice.Page.Locator("#users .dot").First;
        Assert.Equal(await StyleAsync(dot, "color"), await StyleAsync(dot, "backgroundColor"));
        Assert.Equal("solid", await StyleAsync(alice.Page.Locator("#send"), "outlineStyle"));
    }

    [Fact]
    public async Task The_connection_is_mentioned_only_while_there_is_trouble_that_lasts()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RetryFirst=00:00:00.2", "--Chat:RetryLongest=00:00:00.5");
        await using Person person = await browser.NewPersonAsync();
        await person.AddInitScriptAsync("""
            window.heard = [];
            addEventListener('DOMContentLoaded', () => {
              const look = () => window.heard.push(document.querySelector('#announce').textContent);
              if (document.querySelector('#announce')) {
                new MutationObserver(look).observe(document.querySelector('#announce'), { childList: true, subtree: true });
                const banner = document.querySelector('#trouble');
                new MutationObserver(() => banner.hidden || window.heard.push('shown')).observe(banner, { attributes: true });
              }
            });
            """);
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ILocator banner = alice.Page.Locator("#trouble");
        await Expect(banner).ToBeHiddenAsync();

        // A blink of the network is not worth a word.
        await person.SetOfflineAsync(true);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "offline");
        await person.SetOfflineAsync(false);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await alice.Page.WaitForTimeoutAsync(2500);
        Assert.Empty(await alice.Page.EvaluateAsync<string[]>("heard"));

        await person.SetOfflineAsync(true);
        await Expect(banner).ToBeVisibleAsync();
        await Axe.CheckAsync(alice, "trouble", banner);
        await alice.PictureAsync("trouble");
        await Expect(alice.Page.Locator("#announce")).ToHaveTextAsync("You are offline");
        await alice.Page.Locator("#status-action").FocusAsync();
        await person.SetOfflineAsync(false);
        await Expect(banner).ToBeHiddenAsync();
        await Expect(alice.Page.Locator("#announce")).ToHaveTextAsync("Connected");
        await Expect(alice.Input).ToBeFocusedAsync();
    }

    /// <summary>All colors of names, on every background that a name can be on (WCAG AA: at least 4.5).</summary>
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Names_are_readable_in_every_color(ColorScheme theme)
    {
        await using ChatSite site = await StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { ColorScheme = theme });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        string[] contrasts = await alice.Page.EvaluateAsync<string[]>(Contrasts);
        Assert.Equal(16 * 7, contrasts.Length);
        Assert.DoesNotContain(contrasts, static one => double.Parse(one.Split(' ')[0], CultureInfo.InvariantCulture) < 4.5);
    }

    /// <summary>Some of them are refused while the other one is in the chat, but may be in its history.</summary>
    [Fact]
    public async Task Names_that_look_alike_differ_in_color()
    {
        string[] alike =
        [
            "Ann An\u043f", "Ann Anna", "ann \u0430nn", "anna1 annal", "rob r0b", "lan Ian", "user1 user2", "user1 user7", "jan jam",
            "eric erik", "sam5 sams", "max max1", "\u0410\u043d\u043d\u0430 \u0410\u043d\u043d\u0435", "zoe zo\u00eb", "bob8 bobb",
            "guest12 guest21", "kate cate", "modern modem",
        ];
        await using ChatSite site = await StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        string[] same = await alice.Page.EvaluateAsync<string[]>(
            """
            async (pairs) => {
              const { hue } = await import(new URL('../js/view/dom.js', document.querySelector('link[rel=stylesheet]').href));
              return pairs.filter((pair) => new Set(pair.split(' ').map(hue)).size === 1);
            }
            """,
            alike);
        Assert.Empty(same);
    }

    [Fact]
    public async Task Administrators_are_marked_in_the_list_and_at_what_they_say_also_for_those_who_come_later()
    {
        await using ChatSite site = await StartAsync();
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(first, site, "alice");
        await alice.SayAsync("not yet");
        await alice.AuthenticateAsync("demopass");
        await Expect(alice.Page.Locator("#users .rank")).ToHaveTextAsync("admin");
        await alice.SeesAsync("alice is now an administrator");
        await alice.SayAsync("now I am");
        await Expect(alice.Page.Locator("#lines .rank")).ToHaveCountAsync(1);
        await Axe.CheckAsync(alice, "rank");
        await alice.PictureAsync("rank");

        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
        await Expect(bob.Page.Locator("#users li:has-text('alice') .rank")).ToHaveTextAsync("admin");
        await Expect(bob.Page.Locator("#users .rank")).ToHaveCountAsync(1);
        await Expect(bob.Page.Locator("#lines .rank").First).ToBeVisibleAsync();
        await alice.SayAsync("/admin logout");
        await Expect(bob.Page.Locator(".rank")).ToHaveCountAsync(0);
        await Expect(alice.Page.Locator(".rank")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("en", "4 people came and went", "6 people joined, 5 left")]
    [InlineData("de", "4 Leute gekommen und gegangen", "6 Leute gekommen, 5 gegangen")]
    public async Task Many_who_come_and_go_are_counted_in_a_line_that_opens_with_the_keyboard(string language, string every, string some)
    {
        await using ChatSite site = await StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { Locale = language });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        for (int i = 0; i < 4; i++)
            await (await Visitor.JoinAsync(site, $"passer{i}")).LeaveAsync();
        ILocator summary = alice.Messages.Locator("details.system summary");
        await Expect(summary).ToHaveTextAsync(every);
        await (await Visitor.JoinAsync(site, "passer4")).LeaveAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await Expect(summary).ToHaveTextAsync(some);
        await summary.FocusAsync();
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Messages.Locator("details .system")).ToHaveCountAsync(11);
        await Expect(alice.Messages.Locator("details .system").Last).ToBeInViewportAsync();
        await Axe.CheckAsync(alice, "unfolded");
        await alice.PictureAsync($"unfolded-{language}");

        // What is said after them is still unread in another room, and they are not.
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await Visitor.JoinAsync(site, "late");
        await guest.SayAsync("one to read");
        await Expect(alice.Conversation("#lobby").Locator(".badge")).ToHaveTextAsync("1");
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(alice.Messages.Locator(".new")).ToBeVisibleAsync();
        await Expect(alice.Conversation("#lobby").Locator(".badge")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task An_empty_conversation_says_who_is_here_and_what_to_do(ColorScheme theme)
    {
        await using ChatSite site = await StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { ColorScheme = theme });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ILocator welcome = alice.Page.Locator("#welcome");
        await Expect(welcome).ToContainTextAsync("Welcome to #lobby");
        await Expect(welcome).ToContainTextAsync($"Nobody else is here yet. Others get here with this address: {site.Address}/");
        await Axe.CheckAsync(alice, "alone");
        await alice.PictureAsync($"welcome-alone-{theme}");
        Visitor bob = await Visitor.JoinAsync(site, "bob");
        await Expect(welcome).ToContainTextAsync("bob is here.");
        foreach (string nick in (string[])["carl", "dora", "emil"])
            await Visitor.JoinAsync(site, nick);
        await Expect(welcome).ToContainTextAsync("bob, carl, dora, and 1 more are here.");
        await Axe.CheckAsync(alice, "welcome");
        await alice.PictureAsync($"welcome-{theme}");
        await welcome.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(alice.Dialog.Locator("h2")).ToHaveTextAsync("Join a room");
        await alice.Page.Keyboard.PressAsync("Escape");

        await alice.Page.ClickAsync("#users button:has-text('bob')");
        await alice.Page.ClickAsync(".menu button >> nth=0");
        await Expect(welcome).ToHaveTextAsync("bobbob is here.Say hello below.");
        await alice.PictureAsync($"welcome-person-{theme}");
        await bob.WhisperAsync("alice", "hello");
        await Expect(welcome).ToBeHiddenAsync();
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(welcome).ToBeVisibleAsync();
        await bob.SayAsync("hello, all");
        await Expect(welcome).ToBeHiddenAsync();
        Assert.Empty(alice.Complaints);
    }

    private static Task<ChatSite> StartAsync() => ChatSite.StartAsync(
        "--Chat:RateLimitCount=1000", "--Chat:MaxSessionsPerHost=1000", "--Chat:AdminPassword=demopass", "--Limits:Enabled=false");

    private static Task<string> StyleAsync(ILocator element, string property) =>
        element.EvaluateAsync<string>("(element, property) => getComputedStyle(element)[property]", property);

    /// <summary>A conversation with long lines, code, a mention, and people who come and go.</summary>
    private static async Task TalkAsync(ChatSite site, ChatPage alice)
    {
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.SayAsync("/topic Shipping the new client on Friday");
        await guest.SayAsync("The build is *green* again, the fix was in `Mailbox.ReadAsync`:");
        await guest.SayAsync("```js\nreturn queue.length === 0 ? park() : read();\n```");
        for (int i = 0; i < 4; i++)
        {
            Visitor passer = await Visitor.JoinAsync(site, $"passer{i}");
            await passer.LeaveAsync();
        }

        await guest.SayAsync(string.Concat(Enumerable.Repeat("A line that is long enough to be broken, to see how wide it gets. ", 6)));
        await guest.SayAsync("@alice, could you have a look?");
        await guest.WhisperAsync("alice", "lunch at one?");
        await alice.SayAsync("On it.");
        await Expect(alice.Page.Locator("#lines .own")).ToHaveCountAsync(1);
        await Expect(alice.Page.Locator("#lines pre")).ToBeVisibleAsync();
    }

    private static async Task MeasureAsync(ChatPage page, int width, int height)
    {
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        double[] rights = await page.Page.EvaluateAsync<double[]>(
            "[...document.querySelectorAll('#messages, .main > header *')].map(one => one.getBoundingClientRect().right)");
        Assert.InRange(rights.Max(), 1, width);
        LocatorBoundingBoxResult box = (await page.Page.Locator("#send").BoundingBoxAsync())!;
        Assert.InRange(box.X, 0, width - box.Width);
        Assert.InRange(box.Y, 0, height - box.Height);
        double[] lines = await page.Page.EvaluateAsync<double[]>(
            "[...document.querySelectorAll('#lines :is(.text, pre, .quote)')].map(one => one.getBoundingClientRect().width)");
        Assert.InRange(lines.Max(), Math.Min(200, width / 2), 48 * 16);

        // The last line is above the message box, not against it or under it.
        double last = await page.Page.EvaluateAsync<double>(
            "Math.max(...[...document.querySelectorAll('#lines .row')].map(one => one.getBoundingClientRect().bottom))");
        Assert.True(box.Y - last >= 8, string.Create(CultureInfo.InvariantCulture, $"{width}: {box.Y} - {last}"));
    }
}

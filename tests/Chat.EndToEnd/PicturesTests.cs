using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>
/// Takes screenshots of the pages for a person to look at, into the test's output, and checks that nothing is wider than its window.
/// </summary>
public sealed class PicturesTests(Browser browser)
{
    private static readonly (int Width, int Height)[] s_sizes = [(1440, 900), (768, 1024), (360, 740)];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_pages_in_all_sizes(ColorScheme theme)
    {
        string name = theme == ColorScheme.Dark ? "dark" : "light";
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:RateLimitCount=1000",
            "--Chat:MaxSessionsPerHost=1000",
            "--Chat:AdminPassword=demopass",
            "--Limits:Enabled=false");
        await using Person person = await browser.NewPersonAsync(
            new BrowserNewContextOptions { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site);
        await TakeAsync(alice, $"login-{name}");
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await TakeAsync(alice, $"empty-{name}");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await SizeAsync(alice, 1440, 900);
        await TalkAsync(site, guest, alice);
        await TakeAsync(alice, $"chat-{name}");

        await SizeAsync(alice, 1440, 900);
        foreach (int width in new[] { 1100, 360 })
        {
            await SizeAsync(alice, width, 740);
            await alice.AuthenticateAsync("wrong");
            await Expect(alice.Dialog.Locator(".error")).Not.ToBeEmptyAsync();
            await alice.PictureAsync($"auth-{name}-{width}");
            await alice.Page.Keyboard.PressAsync("Escape");
        }

        await SizeAsync(alice, 1440, 900);
        await alice.AuthenticateAsync("demopass");
        await Expect(alice.Page.Locator("#bans-open")).ToBeVisibleAsync();
        await SizeAsync(alice, 360, 740);
        await alice.Page.ClickAsync("#rooms-open");
        await alice.PictureAsync($"drawer-rooms-{name}-360");
        await alice.Page.ClickAsync("#settings-open");
        await Expect(alice.Dialog).ToBeVisibleAsync();
        await alice.PictureAsync($"settings-{name}-360");
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Page.ClickAsync("#people-open");
        await alice.PictureAsync($"drawer-people-{name}-360");
        await alice.Page.ClickAsync("#users button:has-text('guest')");
        await alice.PictureAsync($"menu-{name}-360");
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Input.FillAsync("/");
        await alice.Page.Keyboard.PressAsync("End");
        await alice.Input.PressSequentiallyAsync("a");
        await alice.PictureAsync($"commands-{name}-360");
        await alice.Input.FillAsync("");
        await SizeAsync(alice, 1440, 900);
        await alice.Page.ClickAsync("#join-open");
        await Expect(alice.Dialog.Locator(".entry").First).ToBeVisibleAsync();
        await alice.PictureAsync($"join-{name}");
        await alice.Page.Keyboard.PressAsync("Escape");
        await alice.Page.ClickAsync("#shortcuts-open");
        await Expect(alice.Dialog).ToBeVisibleAsync();
        await alice.PictureAsync($"shortcuts-{name}");
        await alice.Page.Keyboard.PressAsync("Escape");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Hard_cases()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:RateLimitCount=1000",
            "--Chat:MaxSessionsPerHost=1000",
            "--Limits:Enabled=false");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "MMMMMMMMMMMMMMMM");
        Visitor wide = await Visitor.JoinAsync(site, "WWWWWWWWWWWWWWWW");
        await wide.SayAsync("/topic " + string.Concat(Enumerable.Repeat("a long topic ", 18)));
        await wide.SayAsync("مرحبا بالعالم، كيف الحال؟ with some English and 123");
        await wide.SayAsync("שלום עולם *מודגש* https://example.org/path");
        await wide.SayAsync("hello MMMMMMMMMMMMMMMM, " + new string('w', 1900));
        await wide.SayAsync("```\n" + new string('x', 300) + "\n```");
        await wide.EnterAsync("a-room-with-32-characters-012345");
        await alice.SayAsync("/join a-room-with-32-characters-012345");
        await Expect(alice.Title).ToHaveTextAsync("#a-room-with-32-characters-012345");
        await alice.Conversation("#lobby").ClickAsync();
        for (int i = 0; i < 200; i++)
            await Visitor.JoinAsync(site, $"person{i:000}");
        await Expect(alice.Users).ToHaveCountAsync(202);
        await alice.Messages.EvaluateAsync("box => { box.scrollTop = 0; }");
        await TakeAsync(alice, "hard");
        await SizeAsync(alice, 320, 640);
        await alice.PictureAsync("hard-320");
        await alice.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await alice.PictureAsync("print");
    }

    private static async Task TalkAsync(ChatSite site, Visitor guest, ChatPage alice)
    {
        await guest.SayAsync("/topic Shipping the new client on Friday");
        await guest.SayAsync("Good morning, everybody :wave:");
        await guest.SayAsync("The build is *green* again, the fix was in `Mailbox.ReadAsync`:");
        await guest.SayAsync("```\nlock (_gate)\n    return _queue.Count == 0 ? Park() : Read();\n```");
        Visitor cora = await Visitor.JoinAsync(site, "cora");
        await cora.SayAsync("Nice! Notes are at https://example.org/notes/2026-11-20 _(draft)_");
        await cora.SayAsync("alice, could you have a look?");
        await alice.SayAsync("On it. I'll write it up after lunch.");
        await alice.SayAsync("Two questions, though:\n1. which *port*?\n2. which _host_?");
        await cora.SayAsync("/me goes for coffee :coffee:");
        await guest.EnterAsync("dev");
        await cora.SayAsync(":tada::heart:");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.Conversation("#lobby").ClickAsync();
        await guest.SayAsync("alice: see the logs", "dev");
        await guest.SayAsync("third time's the charm", "dev");
        await cora.WhisperAsync("alice", "psst");
        await guest.WhisperAsync("alice", "lunch at one?");
        await Expect(alice.Conversation("@guest")).ToContainTextAsync("unread");
        await Expect(alice.Conversation("#dev")).ToContainTextAsync("2 unread");
    }

    private static async Task TakeAsync(ChatPage page, string name)
    {
        foreach ((int width, int height) in s_sizes)
        {
            await SizeAsync(page, width, height);
            await page.PictureAsync($"{name}-{width}");
        }
    }

    private static async Task SizeAsync(ChatPage page, int width, int height)
    {
        await page.Page.SetViewportSizeAsync(width, height);
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.InRange(
            await page.Page.EvaluateAsync<double>(
                "Math.max(...[...document.querySelectorAll('form button, #messages')].map(one => one.getBoundingClientRect().right))"),
            1,
            width);
    }
}

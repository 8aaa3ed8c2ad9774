using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Submissions;
using ErlChat.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The operator's page, as an administrator uses it.</summary>
public sealed class OperatorTests(Browser browser)
{
    private static readonly string[] s_options =
    [
        "--Chat:AdminPassword=demopass", "--Chat:RateLimitCount=100", "--Limits:Enabled=false", "--Chat:MaxSessionsPerHost=1000",
    ];

    [Fact]
    public async Task An_administrator_logs_in_looks_around_lifts_a_ban_makes_a_backup_and_makes_an_announcement()
    {
        using var log = new TemporaryLog(s_options);
        await using ChatSite site = await ChatSite.StartAsync([.. log.Options]);
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("dev");
        await using Person first = await browser.NewPersonAsync();
        await using Person second = await browser.NewPersonAsync();
        ChatPage bob = await ChatPage.LogInAsync(second, site, "bob");
        await bob.Page.ClickAsync("#join-open");
        await bob.Dialog.Locator("input").FillAsync("ops");
        await bob.Page.Keyboard.PressAsync("Enter");
        await Expect(bob.Title).ToHaveTextAsync("#ops");

        // The visitor is not logged in yet: first a nick, then the password, and then back to the page that was asked for.
        ChatPage alice = await ChatPage.OpenLoginAsync(first, site.Address + "/admin/");
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Dialog.Locator("input")).ToHaveAttributeAsync("type", "password");
        await alice.PictureAsync("operator-password");
        await alice.Dialog.Locator("input").FillAsync("wrong");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog.Locator(".error")).ToContainTextAsync("that is not the password");
        await alice.Dialog.Locator("input").FillAsync("demopass");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator("#health")).ToHaveTextAsync("Ready");
        ILocator people = alice.Page.Locator("#people-list tbody tr");
        await Expect(people).ToHaveCountAsync(3);
        await Expect(people.Nth(0)).ToContainTextAsync("alice (administrator)");
        await Expect(people.Nth(2)).ToContainTextAsync("192.0.2.7");
        await Expect(people.Nth(2)).ToContainTextAsync("lobby, dev");
        await alice.Page.FillAsync("#find-text", "192.0");
        await Expect(people).ToHaveCountAsync(1);
        await alice.Page.FillAsync("#find-text", "");
        await Expect(alice.Page.Locator("#rooms-list tbody tr")).ToHaveCountAsync(3);

        // The page links to the chat, and changes made in the chat show up on the page.
        ChatPage tab = await ChatPage.OpenTabAsync(first, site);
        await Expect(tab.Page.Locator("a[href='/admin/']")).ToBeVisibleAsync();
        await Expect(bob.Page.Locator("a[href='/admin/']")).ToBeHiddenAsync();
        await tab.SayAsync("/admin ban guest \"spam & <i>eggs</i>\" 3600");
        await tab.SayAsync("/admin mute bob 600");
        ILocator bans = alice.Page.Locator("#bans-list tbody tr");
        await Expect(bans).ToContainTextAsync("spam & <i>eggs</i>");
        await Expect(alice.Page.Locator("#mutes-list tbody tr")).ToContainTextAsync("bob");

        // Another administrator was quicker. The page says so, and the text being written stays.
        await alice.Page.FillAsync("#announce-text", "half a wo");
        await alice.Page.RouteAsync("**/admin/unban/", static async route => await route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json",
            Body = """{"status":"error","response":"not_allowed","reason":"This ban has ended already."}""",
        }));
        await bans.Locator("button").ClickAsync();
        await Expect(alice.Page.Locator("#trouble")).ToContainTextAsync("This ban has ended already.");
        await Expect(alice.Page.Locator("#announce-text")).ToHaveValueAsync("half a wo");
        await alice.Page.UnrouteAsync("**/admin/unban/");
        await bans.Locator("button").FocusAsync();
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(bans).ToHaveCountAsync(0);
        await Expect(alice.Page.Locator("#bans-list")).ToContainTextAsync("Nobody is banned.");
        await Visitor.JoinAsync(site, "guest2");
        await alice.Page.ClickAsync("#mutes-list button");
        await Expect(alice.Page.Locator("#mutes-list")).ToContainTextAsync("Nobody is muted.");

        await alice.Page.ClickAsync("#backup-begin");
        await Expect(alice.Page.Locator("#backup-state")).ToContainTextAsync("is written and checked");
        await Expect(alice.Page.Locator("#backup-files li")).ToHaveCountAsync(1);

        await alice.Page.FillAsync("#announce-text", "Restart at 18:00 <b>sharp</b>");
        await alice.Page.ClickAsync("#announce button");
        await Expect(alice.Page.Locator("#announce-state")).ToHaveTextAsync("Announced.");
        await bob.SeesAsync("Announcement: Restart at 18:00 <b>sharp</b>");
        await Expect(alice.Page.Locator("#announce-text")).ToHaveValueAsync("");

        await alice.Page.ClickAsync("#acts-open summary");
        ILocator acts = alice.Page.Locator("#acts-list tbody tr");
        await Expect(acts.Nth(0)).ToContainTextAsync("aliceannouncedRestart at 18:00 <b>sharp</b>");
        await Expect(acts.Nth(1)).ToContainTextAsync("aliceunmutedbob");
        await Expect(acts.Nth(4)).ToContainTextAsync("alicebannedguest and the address");
        await Expect(acts.Nth(4)).ToContainTextAsync("spam & <i>eggs</i>");
        await alice.Page.ClickAsync("#acts-open summary");

        await alice.Page.ClickAsync("#settings-open summary");
        ILocator settings = alice.Page.Locator("#settings-list");
        await Expect(settings).ToContainTextAsync("Chat:PollTimeout");
        await Expect(settings).Not.ToContainTextAsync("demopass");
        await alice.Page.ClickAsync("#settings-open summary");
        await Expect(alice.Page.Locator("#trouble")).ToBeHiddenAsync();
        await FullPictureAsync(alice, "operator");

        // The right is gone, so the page no longer shows what it had.
        await tab.SayAsync("/admin logout");
        await Expect(alice.Dialog.Locator("input")).ToHaveAttributeAsync("type", "password");
        await Expect(alice.Page.Locator(".operator")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
        Assert.Empty(bob.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Administrators_are_appointed_and_dismissed_after_a_question(ColorScheme theme)
    {
        await using ChatSite site = await ChatSite.StartAsync(s_options);
        await Visitor.JoinAsync(site, "guest");
        Visitor member = await Visitor.JoinAsync(site, "bob");
        Assert.IsType<Accepted>(await site.Services.GetRequiredService<MemberAccounts>()
            .RegisterAsync(member.Session, "a horse in the rain").WithinAsync());
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { ColorScheme = theme });
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site.Address + "/admin/");
        await alice.SubmitNickAsync("alice");
        await alice.Dialog.Locator("input").FillAsync("demopass");
        await alice.Page.Keyboard.PressAsync("Enter");
        ILocator list = alice.Page.Locator("#admins-list"), rows = list.Locator("tbody tr"), error = alice.Dialog.Locator(".error");
        await Expect(list).ToContainTextAsync("Nobody.");

        // Whom the server refuses is told in the dialog, which stays.
        await AskAsync("guest");
        await alice.Dialog.GetByText("Make an administrator", new() { Exact = true }).ClickAsync();
        await Expect(error).ToContainTextAsync("this is a guest");
        await alice.Page.Keyboard.PressAsync("Escape");
        await AskAsync("nobody");
        await alice.Dialog.Locator("button.grave").ClickAsync();
        await Expect(error).ToContainTextAsync("there is no such user");
        await alice.Page.Keyboard.PressAsync("Escape");

        // Enter alone cancels.
        await AskAsync("bob");
        await Expect(alice.Dialog.Locator("h2")).ToHaveTextAsync("Make bob an administrator?");
        await Axe.CheckAsync(alice, "appoint", alice.Dialog);
        await alice.PictureAsync($"operator-appoint-{theme}");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        await AskAsync("bob");
        await alice.Dialog.Locator("button.grave").ClickAsync();
        await Expect(rows).ToContainTextAsync("bob");
        await Expect(alice.Page.Locator("#appoint-nick")).ToHaveValueAsync("");
        await Expect(alice.Page.Locator("#people-list tbody tr").Nth(1)).ToContainTextAsync("bob (administrator)");

        await rows.Locator("button").ClickAsync();
        await Expect(alice.Dialog.Locator("h2")).ToHaveTextAsync("Revoke the rights of bob?");
        await alice.Dialog.GetByText("Cancel").ClickAsync();
        await Expect(alice.Dialog).ToHaveCountAsync(0);
        await Expect(rows).ToHaveCountAsync(1);
        await rows.Locator("button").ClickAsync();
        await alice.Dialog.Locator("button.grave").ClickAsync();
        await Expect(list).ToContainTextAsync("Nobody.");
        Assert.False(site.Services.GetRequiredService<ChatRoom>().Find(member.Session)!.IsAdmin);
        Assert.Empty(alice.Complaints);

        async Task AskAsync(string nick)
        {
            await alice.Page.FillAsync("#appoint-nick", nick);
            await alice.Page.PressAsync("#appoint-nick", "Enter");
        }
    }

    // Previously, every refresh redrew all rows because everyone's idle time had changed, so an address could not be copied.
    [Fact]
    public async Task A_selection_stays_while_the_figures_change()
    {
        await using ChatSite site = await ChatSite.StartAsync(s_options);
        await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site.Address + "/admin/");
        await alice.SubmitNickAsync("alice");
        await alice.Dialog.Locator("input").FillAsync("demopass");
        await alice.Page.Keyboard.PressAsync("Enter");
        ILocator cells = alice.Page.Locator("#people-list tbody tr").Nth(1).Locator("td");
        await Expect(cells.First).ToHaveTextAsync("guest");
        string id = await cells.Last.InnerTextAsync();
        await cells.Last.EvaluateAsync("cell => getSelection().selectAllChildren(cell)");
        string idle = await cells.Nth(3).InnerTextAsync();
        await Expect(cells.Nth(3)).Not.ToHaveTextAsync(idle, new() { Timeout = 20_000 });
        Assert.Equal(id, (await alice.Page.EvaluateAsync<string>("getSelection().toString()")).Trim());
        Assert.NotEmpty(id);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_fits_a_phone_and_axe_finds_nothing(ColorScheme theme)
    {
        using var log = new TemporaryLog(s_options);
        await using ChatSite site = await ChatSite.StartAsync([.. log.Options]);
        for (int i = 0; i < 120; i++)
            await Visitor.JoinAsync(site, $"guest{i}");
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions
        {
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = 360, Height = 640 },
        });
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site.Address + "/admin/");
        await alice.SubmitNickAsync("alice");
        await Axe.CheckAsync(alice, "password");
        await alice.Dialog.Locator("input").FillAsync("demopass");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator("#people-list tbody tr")).ToHaveCountAsync(100);
        await alice.Page.ClickAsync("#people-list + button");
        await Expect(alice.Page.Locator("#people-list tbody tr")).ToHaveCountAsync(121);
        await Expect(alice.Page.Locator("#people-list + button")).ToBeHiddenAsync();
        ChatRoom room = site.Services.GetRequiredService<ChatRoom>();
        SubmissionHandler submissions = site.Services.GetRequiredService<SubmissionHandler>();
        SessionKey key = room.FindNick("alice")!.Key;
        foreach (string command in (string[])["/admin ban guest1 \"a long reason, with many words in it\" 3600", "/admin mute guest2 600"])
            await submissions.SubmitAsync(new Submission(key, command)).WithinAsync();
        await Expect(alice.Page.Locator("#bans-list tbody tr")).ToHaveCountAsync(1);
        await alice.Page.ClickAsync("#settings-open summary");
        await Expect(alice.Page.Locator("#settings-list tbody tr").First).ToBeVisibleAsync();
        await alice.UntilAsync("document.documentElement.scrollWidth <= 360");
        await alice.Page.FillAsync("#find-text", "guest11");
        await Expect(alice.Page.Locator("#people-list tbody tr")).ToHaveCountAsync(11);
        await Axe.CheckAsync(alice, "phone");
        await alice.Page.ClickAsync("#settings-open summary");
        await FullPictureAsync(alice, $"operator-phone-{theme}");
        await alice.Page.SetViewportSizeAsync(1100, 700);
        await Axe.CheckAsync(alice, "desk");
        await FullPictureAsync(alice, $"operator-{theme}");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task The_page_works_below_a_path_in_German_and_without_a_database()
    {
        await using ChatSite site = await ChatSite.StartAsync([.. s_options, "--Chat:PathBase=/talk"]);
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { Locale = "de-DE" });
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site.Address + "/talk/admin/");
        await alice.SubmitNickAsync("alice");
        await alice.Dialog.Locator("input").FillAsync("demopass");
        await alice.Page.Keyboard.PressAsync("Enter");
        await Expect(alice.Page.Locator("#health")).ToHaveTextAsync("Bereit");
        await Expect(alice.Page.Locator("#backup-hint")).ToHaveTextAsync(
            "Das Log ist nicht in einer Datei dieses Servers; hier gibt es nichts zu sichern.");
        await Expect(alice.Page.Locator("#backup-begin")).ToBeHiddenAsync();
        await Expect(alice.Page.Locator("#people-list tbody tr")).ToHaveCountAsync(1);
        await alice.Page.ClickAsync("header a");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        Assert.Empty(alice.Complaints);
    }

    private static async Task FullPictureAsync(ChatPage page, string name)
    {
        string path = Path.Combine(Browser.Pictures, name + ".png");
        await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true });
    }
}

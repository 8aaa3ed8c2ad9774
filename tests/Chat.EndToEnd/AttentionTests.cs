using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>How the page calls back a user who is looking elsewhere.</summary>
public sealed class AttentionTests(Browser browser)
{
    /// <summary>
    /// Replaces the browser's notifications and sound, which a headless browser does not have. Makes the page report that it has no focus
    /// while <c>elsewhere</c> is true, and records the messages of other tabs.
    /// </summary>
    private const string Stand = """
        window.shown = []; window.asked = 0; window.notes = 0; window.elsewhere = false;
        window.Notification = class extends EventTarget {
          static permission = 'default';
          static async requestPermission() { window.asked++; return Notification.permission = 'granted'; }
          constructor(title, options) { super(); this.title = title; window.shown.push(`${title}: ${options.body}`); window.last = this; }
          close() {}
        };
        document.hasFocus = () => !window.elsewhere;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...when) { window.notes++; return start.apply(this, when); };
        window.heard = []; new BroadcastChannel('erlchat').onmessage = ({ data }) => window.heard.push(data.type);
        """;

    [Fact]
    public async Task Mentions_and_private_messages_change_title_and_icon_and_cause_a_notification_and_a_sound()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        await person.AddInitScriptAsync(Stand);
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        IPage page = alice.Page;
        await Expect(page).ToHaveTitleAsync("#lobby – ErlChat");
        Assert.Equal(0, await page.EvaluateAsync<int>("asked"));

        await page.ClickAsync("#settings-open");
        await page.ClickAsync("text=Allow notifications");
        await Expect(alice.Dialog).ToContainTextAsync("Notifications for mentions and direct messages are on.");
        await page.Keyboard.PressAsync("Escape");

        // The user is looking at the conversation: no notification.
        await guest.SayAsync("alice?");
        await alice.SeesAsync("alice?");
        await page.EvaluateAsync("elsewhere = true");
        await guest.SayAsync("nothing of note");
        await Expect(page).ToHaveTitleAsync("(1) #lobby – ErlChat");
        await Expect(page.Locator("link[rel=icon]")).ToHaveAttributeAsync(
            "href", new System.Text.RegularExpressions.Regex("favicon-unread"));
        Assert.Equal(0, await page.EvaluateAsync<int>("shown.length"));
        await guest.SayAsync("but <b>@alice</b>!");
        await guest.WhisperAsync("alice", "psst");
        await alice.UntilAsync("shown.length === 2");
        Assert.Equal(["guest · #lobby: but <b>@alice</b>!", "guest: psst"], await page.EvaluateAsync<string[]>("shown"));
        Assert.Equal(4, await page.EvaluateAsync<int>("notes"));

        // A click on the notification opens the conversation it is about.
        await page.EvaluateAsync("elsewhere = false; last.dispatchEvent(new Event('click'))");
        await Expect(alice.Title).ToHaveTextAsync("guest");

        // Read when seen: what came before it is still being loaded.
        await Expect(alice.Conversation("@guest").Locator(".badge")).ToHaveCountAsync(0);
        await alice.Conversation("#lobby").ClickAsync();
        await Expect(page).ToHaveTitleAsync("#lobby – ErlChat");
        await Expect(page.Locator("link[rel=icon]")).Not.ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("unread"));

        // Do not disturb is switched on.
        await page.ClickAsync("#settings-open");
        await page.RunAndWaitForResponseAsync(
            () => page.GetByLabel("Do not disturb").CheckAsync(), answer => answer.Url.Contains("/chat/me/", StringComparison.Ordinal));
        await page.Keyboard.PressAsync("Escape");
        await page.EvaluateAsync("elsewhere = true");
        await guest.WhisperAsync("alice", "psst again");
        await Expect(page).ToHaveTitleAsync("(1) #lobby – ErlChat");
        Assert.Equal(2, await page.EvaluateAsync<int>("shown.length"));
        Assert.Equal(4, await page.EvaluateAsync<int>("notes"));
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task There_is_no_notification_while_the_user_looks_at_another_tab()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        await person.AddInitScriptAsync(Stand + "Notification.permission = 'granted';");
        ChatPage one = await ChatPage.LogInAsync(person, site, "alice");
        ChatPage two = await ChatPage.OpenTabAsync(person, site);
        await one.Page.EvaluateAsync("elsewhere = true");
        await two.Page.EvaluateAsync("dispatchEvent(new Event('focus'))");
        await one.UntilAsync("heard.includes('looking')");
        await guest.WhisperAsync("alice", "psst");
        await Expect(one.Conversation("@guest")).ToBeVisibleAsync();
        Assert.Equal(0, await one.Page.EvaluateAsync<int>("shown.length"));
        await two.Page.EvaluateAsync("elsewhere = true");
        await one.Page.WaitForTimeoutAsync(5500);
        await guest.WhisperAsync("alice", "anybody?");
        await one.UntilAsync("shown.length === 1");
        Assert.Equal(0, await two.Page.EvaluateAsync<int>("shown.length"));
    }

    [Fact]
    public async Task New_messages_are_announced_to_screen_readers()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.SayAsync("from before");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SeesAsync("from before");
        await guest.SayAsync("hello");
        ILocator said = alice.Page.Locator("#said[role=log][aria-live=polite]");
        await Expect(said).ToHaveTextAsync("guest: hello");
    }
}

using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>What the page does when the connection to the server is bad.</summary>
public sealed class ConnectionTests(Browser browser)
{
    [Fact]
    public async Task Sleep_loses_nothing() => await SleepAsync(seconds: 3);

    [Fact(Timeout = 600_000)]
    [Trait("Category", "Soak")]
    public async Task Twenty_seconds_of_sleep_lose_nothing() => await SleepAsync(seconds: 20);

    [Fact]
    public async Task A_slow_network_loses_nothing()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ICDPSession devtools = await person.NewCDPSessionAsync(alice.Page);
        await devtools.SendAsync("Network.enable");
        await devtools.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = 600,
            ["downloadThroughput"] = 50_000,
            ["uploadThroughput"] = 20_000,
        });
        for (int i = 1; i <= 3; i++)
        {
            await alice.SayAsync($"mine {i}");
            await guest.SayAsync($"theirs {i}");
        }

        await Expect(alice.Page.Locator("#lines .message")).ToHaveCountAsync(6);
        await Expect(alice.Page.Locator("#pending .message")).ToHaveCountAsync(0);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        Assert.Equal(["mine 1", "mine 2", "mine 3"], await alice.Page.Locator("#lines .own .text").AllTextContentsAsync());
    }

    [Fact]
    public async Task Offline_the_page_shows_a_countdown_and_sends_messages_later()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await person.SetOfflineAsync(true);
        await Expect(alice.Status).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("You are offline – Trying again in \\d+ s"));
        await alice.SayAsync("written offline");
        await Expect(alice.Page.Locator("#pending .text")).ToHaveTextAsync("written offline");
        await alice.PictureAsync("offline");
        await person.SetOfflineAsync(false);
        await Expect(alice.Status).ToHaveTextAsync("Connected");
        await Expect(alice.Page.Locator("#lines .own .text")).ToHaveTextAsync("written offline");
    }

    [Fact]
    public async Task The_page_reports_that_the_server_forgot_the_session_and_keeps_the_draft()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RetryFirst=00:00:00.2", "--Chat:RetryLongest=00:00:00.5");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.Input.FillAsync("half a thought");
        await site.StopAsync();
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "retrying");
        await Expect(alice.Page.Locator("#status-action")).ToHaveTextAsync("Try now");
        await site.StartAgainAsync();
        await Expect(alice.Status).ToHaveTextAsync("You are not logged in");
        await alice.PictureAsync("session-over");
        await alice.Page.ClickAsync("#login-again");
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Input).ToHaveValueAsync("half a thought");
    }

    [Fact]
    public async Task With_a_durable_log_a_restart_shows_only_in_the_connection_pill()
    {
        string folder = Directory.CreateTempSubdirectory("erlchat").FullName;
        string[] options =
        [
            "--Log:Kind=Sqlite", $"--Log:Path={folder}/chat.db", "--Chat:RetryFirst=00:00:00.2", "--Chat:RetryLongest=00:00:00.5",
        ];
        await using (ChatSite site = await ChatSite.StartAsync(options))
        {
            Visitor guest = await Visitor.JoinAsync(site, "guest");
            await using Person person = await browser.NewPersonAsync();
            ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
            await guest.SayAsync("before");
            await guest.WhisperAsync("alice", "a secret");
            await alice.SeesAsync("before");
            await Expect(alice.Conversation("@guest").Locator(".badge")).ToHaveTextAsync("1");
            await alice.Input.FillAsync("half a thought");
            await site.StopAsync();
            await Expect(alice.Status).ToHaveAttributeAsync("data-state", "retrying");
            await alice.PictureAsync("restarting");
            await alice.SayAsync("while it was away");
            await Expect(alice.Page.Locator("#pending .text")).ToHaveTextAsync("while it was away");
            await site.StartAgainAsync(options);
            await Expect(alice.Status).ToHaveTextAsync("Connected");
            await Expect(alice.Page.Locator("#lines .own .text")).ToHaveTextAsync("while it was away");
            Visitor later = await Visitor.JoinAsync(site, "later");
            await later.SayAsync("after");
            await alice.SeesAsync("after");
            Assert.Equal(["before", "while it was away", "after"], await alice.TextsAsync());

            // The server keeps private messages too, so a reloaded page has them again, still unread.
            await alice.Page.ReloadAsync();
            await Expect(alice.Conversation("@guest").Locator(".badge")).ToHaveTextAsync("1");
            await alice.Conversation("@guest").ClickAsync();
            await alice.SeesAsync("a secret");
            Assert.Empty(alice.Complaints);
        }

        Directory.Delete(folder, recursive: true);
    }

    // P4: a laptop slept for longer than the idle limit. Meanwhile somebody wrote, and the server was restarted.
    [Fact]
    public async Task A_user_who_was_offline_for_longer_than_the_idle_limit_finds_everything_as_it_was()
    {
        string folder = Directory.CreateTempSubdirectory("erlchat").FullName;
        string[] options = ChatSite.Durable(folder);
        await using (ChatSite site = await ChatSite.StartAsync(options))
        {
            await using Person person = await browser.NewPersonAsync();
            ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
            await alice.SayAsync("/join den");
            await Expect(alice.Title).ToContainTextAsync("den");
            await alice.SayAsync("something to come back to");
            await alice.SeesAsync("something to come back to");
            await alice.Input.FillAsync("half a thought");
            await person.SetOfflineAsync(true);
            site.ShortenIdleLimit();
            await Eventually.BeTrueAsync(() => Alice(site) is { IsOnline: false }, TimeSpan.FromSeconds(30));

            Visitor guest = await Visitor.JoinAsync(site, "guest");
            await guest.WhisperAsync("alice", "are you there?");
            await site.StopAsync();
            await site.StartAgainAsync(options);
            Assert.False(Alice(site)!.IsOnline);
            await person.SetOfflineAsync(false);

            await Expect(alice.Status).ToHaveTextAsync("Connected");
            Assert.True(Alice(site)!.IsOnline);
            await Expect(alice.Title).ToContainTextAsync("den");
            await Expect(alice.Input).ToHaveValueAsync("half a thought");
            await alice.SeesAsync("something to come back to");
            await Expect(alice.Conversation("@guest").Locator(".badge")).ToHaveTextAsync("1");
            await alice.PictureAsync("back-after-days");
            await alice.Conversation("@guest").ClickAsync();
            await alice.SeesAsync("are you there?");
            await Expect(alice.Conversation("@guest").Locator(".badge")).ToHaveCountAsync(0);
            Assert.Empty(alice.Complaints);
        }

        Directory.Delete(folder, recursive: true);

        static SessionView? Alice(ChatSite site) => site.Services.GetRequiredService<ChatRoom>().FindNick("alice");
    }

    [Fact]
    public async Task After_falling_behind_the_page_starts_over_and_keeps_drafts_and_private_messages()
    {
        // With a mailbox of ten items, a client that misses more has to resync.
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:MaxMailboxItems=10",
            "--Chat:KeepAcknowledged=0",
            "--Chat:RateLimitCount=1000",
            "--Chat:RetryFirst=00:00:00.2",
            "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.WhisperAsync("alice", "a secret");
        await Expect(alice.Conversation("@guest")).ToBeVisibleAsync();
        await guest.SayAsync("number 0");
        await alice.SeesAsync("number 0");
        await alice.Input.FillAsync("half a thought");
        await person.SetOfflineAsync(true);
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "offline");
        for (int i = 1; i <= 30; i++)
            await guest.SayAsync($"number {i}");
        await person.SetOfflineAsync(false);
        await alice.SeesAsync("number 30");
        await Expect(alice.Status).ToHaveTextAsync("Connected");
        Assert.Equal([.. Enumerable.Range(0, 31).Select(i => $"number {i}")], await alice.TextsAsync());
        await Expect(alice.Input).ToHaveValueAsync("half a thought");
        await alice.Conversation("@guest").ClickAsync();
        await alice.SeesAsync("a secret");
    }

    private async Task SleepAsync(int seconds)
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:PollTimeout=00:00:02", "--Chat:PollJitter=00:00:00.2", "--Chat:IdleLimit=00:01:00");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        ICDPSession devtools = await person.NewCDPSessionAsync(alice.Page);
        await devtools.SendAsync("Page.setWebLifecycleState", new Dictionary<string, object> { ["state"] = "frozen" });
        await guest.SayAsync("one");
        await guest.SayAsync("two");
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        await guest.SayAsync("three");
        await devtools.SendAsync("Page.setWebLifecycleState", new Dictionary<string, object> { ["state"] = "active" });
        await alice.SeesAsync("three");
        await alice.SayAsync("awake");
        await Expect(alice.Page.Locator("#lines .own")).ToHaveCountAsync(1);
        Assert.Equal(["one", "two", "three", "awake"], await alice.TextsAsync());
        await Expect(alice.Status).ToHaveTextAsync("Connected");
    }
}

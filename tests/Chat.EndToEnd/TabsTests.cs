using ErlChat.Delivery;
using ErlChat.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Several tabs of one browser share one poll and show the same.</summary>
public sealed class TabsTests(Browser browser)
{
    [Fact]
    public async Task All_tabs_share_one_poll_and_another_tab_takes_over_when_the_leader_dies()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        PostOffice office = site.Services.GetRequiredService<PostOffice>();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage one = await ChatPage.LogInAsync(person, site, "alice");
        ChatPage two = await ChatPage.OpenTabAsync(person, site);
        ChatPage three = await ChatPage.OpenTabAsync(person, site);
        await guest.SayAsync("number 1");
        await three.SeesAsync("number 1");
        await two.SeesAsync("number 1");
        await Eventually.BeTrueAsync(() => office.Parked == 1);

        // The first tab is the leader. It is closed without notice while messages arrive.
        Task closing = one.Page.CloseAsync();
        for (int i = 2; i <= 6; i++)
            await guest.SayAsync($"number {i}");
        await closing;
        var limit = new LocatorAssertionsToContainTextOptions { Timeout = 3000 };
        await Expect(two.Messages).ToContainTextAsync("number 6", limit);
        await Expect(three.Messages).ToContainTextAsync("number 6", limit);
        await guest.SayAsync("number 7");
        await three.SeesAsync("number 7");
        await two.SeesAsync("number 7");
        string[] all = [.. Enumerable.Range(1, 7).Select(i => $"number {i}")];
        Assert.Equal(all, await two.TextsAsync());
        Assert.Equal(all, await three.TextsAsync());
        await Eventually.BeTrueAsync(() => office.Parked == 1);
        Assert.Empty(two.Complaints);
        Assert.Empty(three.Complaints);
    }

    /// <summary>It has its place in the stream before its scripts are there, and the leader does not say anything twice.</summary>
    [Fact]
    public async Task A_tab_whose_scripts_load_slowly_misses_nothing_that_the_leader_says_meanwhile()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage one = await ChatPage.LogInAsync(person, site, "alice");
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await person.RouteAsync("**/bundles/chat.js", async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });
        ChatPage two = await ChatPage.OpenUnreadyTabAsync(person, site);
        await two.Page.EvaluateAsync("""
            new Promise((done) => {
              const look = () => window.begun ? begun.answers.then(() => done()) : setTimeout(look, 20);
              look();
            })
            """);
        await guest.SayAsync("meanwhile");
        await one.SeesAsync("meanwhile");
        gate.SetResult();
        await two.SeesAsync("meanwhile");
        await Expect(two.Status).ToHaveAttributeAsync("data-state", "connected");
        await guest.SayAsync("afterwards");
        await two.SeesAsync("afterwards");
        Assert.Equal(["meanwhile", "afterwards"], await two.TextsAsync());
        Assert.Empty(two.Complaints);
    }

    [Fact]
    public async Task A_tab_that_falls_asleep_loses_the_lead_and_catches_up_when_it_wakes()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        PostOffice office = site.Services.GetRequiredService<PostOffice>();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage one = await ChatPage.LogInAsync(person, site, "alice");
        ChatPage two = await ChatPage.OpenTabAsync(person, site);
        await guest.SayAsync("before");
        await two.SeesAsync("before");
        ICDPSession devtools = await person.NewCDPSessionAsync(one.Page);
        await devtools.SendAsync("Page.setWebLifecycleState", new Dictionary<string, object> { ["state"] = "frozen" });
        await guest.SayAsync("while one sleeps");
        await two.SeesAsync("while one sleeps");
        await guest.SayAsync("still asleep");
        await two.SeesAsync("still asleep");
        await devtools.SendAsync("Page.setWebLifecycleState", new Dictionary<string, object> { ["state"] = "active" });
        await one.SeesAsync("still asleep");
        await guest.SayAsync("after");
        await one.SeesAsync("after");
        await two.SeesAsync("after");
        string[] all = ["before", "while one sleeps", "still asleep", "after"];
        Assert.Equal(all, await one.TextsAsync());
        Assert.Equal(all, await two.TextsAsync());
        await Eventually.BeTrueAsync(() => office.Parked == 1);
    }

    [Fact]
    public async Task Reading_in_one_tab_counts_for_all_and_a_new_login_applies_to_every_tab()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage one = await ChatPage.LogInAsync(person, site, "alice");
        ChatPage two = await ChatPage.OpenTabAsync(person, site);
        await guest.WhisperAsync("alice", "a secret");
        await Expect(one.Conversation("@guest")).ToContainTextAsync("1 unread");
        await Expect(two.Conversation("@guest")).ToContainTextAsync("1 unread");
        await two.Conversation("@guest").ClickAsync();
        await Expect(two.Conversation("@guest")).Not.ToContainTextAsync("unread");
        await Expect(one.Conversation("@guest")).Not.ToContainTextAsync("unread");

        await two.Page.GotoAsync(site.Address);
        await two.SubmitNickAsync("mallory");
        await Expect(two.Page.Locator("#me")).ToHaveTextAsync("mallory");
        await Expect(one.Page.Locator("#me")).ToHaveTextAsync("mallory");
        await Expect(one.Conversation("@guest")).ToHaveCountAsync(0);
        await guest.SayAsync("hello mallory");
        await one.SeesAsync("hello mallory");
        await two.SeesAsync("hello mallory");

        // Logging out in one tab logs out all.
        await two.Page.ClickAsync("#logout");
        await Expect(one.Status).ToHaveTextAsync("You have left the chat");
        await Expect(two.Page.Locator("form#login")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_browser_without_locks_and_channels_polls_in_each_tab()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        PostOffice office = site.Services.GetRequiredService<PostOffice>();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        await person.AddInitScriptAsync(
            "delete window.BroadcastChannel; Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });");
        ChatPage one = await ChatPage.LogInAsync(person, site, "alice");
        ChatPage two = await ChatPage.OpenTabAsync(person, site);
        await Eventually.BeTrueAsync(() => office.Parked == 2);
        await guest.SayAsync("hello both");
        await one.SeesAsync("hello both");
        await two.SeesAsync("hello both");
    }
}

using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>Scrolls through a history of thousands of messages to its beginning and back.</summary>
internal static class LongHistory
{
    /// <summary>The most rows that the page may have at a time: the window and one step.</summary>
    private const int MostRows = 260;

    /// <param name="browser">The browser to use.</param>
    /// <param name="messages">How many messages the history has.</param>
    /// <param name="steps">The most turns of the wheel within which the beginning must be reached.</param>
    /// <param name="mostMilliseconds">
    /// The longest time that the page's thread may be busy without a break, according to the browser's own trace. Null to skip the
    /// measurement.
    /// </param>
    internal static async Task ScrollAsync(Browser browser, int messages, int steps, int? mostMilliseconds)
    {
        await using ChatSite site = await StartAsync(messages);
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SeesAsync($"number {messages - 1}");
        BusyTrace? trace = mostMilliseconds is null ? null : await BusyTrace.BeginAsync(person, alice.Page);
        (int taken, int most) = await ScrollToBeginningAsync(alice, steps);
        Assert.InRange(most, 50, MostRows);
        await alice.SeesAsync("This is the beginning of #lobby.");
        await alice.Page.ClickAsync("#latest");
        await alice.SeesAsync($"number {messages - 1}");
        if (trace is null)
            return;

        await trace.EndAsync();
        BusyTask[] parts = [.. trace.Tasks.Where(task => task.Name != BusyTrace.Whole)];
        BusyTask longest = parts.MaxBy(one => one.Milliseconds)!;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{taken} turns, at most {most} rows, longest task {longest.Milliseconds:F1} ms ({longest.Name}) of {parts.Length}"));
        Assert.True(
            longest.Milliseconds < mostMilliseconds,
            string.Create(CultureInfo.InvariantCulture, $"{longest.Name} took {longest.Milliseconds:F1} ms"));
    }

    /// <summary>Starts a chat in whose lobby two people have written this many messages.</summary>
    internal static async Task<ChatSite> StartAsync(int messages)
    {
        ChatSite site = await ChatSite.StartAsync(
            $"--Chat:RateLimitCount={messages * 2 + 10}",
            $"--Chat:HistoryPerRoom={messages}",
            "--Chat:HistoryBytesPerRoom=16777216",
            "--Chat:MaxMailboxItems=20000",
            "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        Visitor other = await Visitor.JoinAsync(site, "other");
        for (int i = 0; i < messages; i++)
            await (i % 7 < 4 ? guest : other).SayAsync(i % 5 == 0
                ? $"number {i} *and* some `code` with https://example.org/{i} for the eyes, long enough to need a second line "
                    + "on most screens that people have"
                : $"number {i}");
        return site;
    }

    /// <summary>Scrolls up until the first message is there. Fails if it takes more steps.</summary>
    /// <returns>The steps taken, and the most rows that the page had meanwhile.</returns>
    internal static async Task<(int Taken, int MostRows)> ScrollToBeginningAsync(ChatPage alice, int steps)
    {
        ILocator first = alice.Page.GetByText("number 0 and", new PageGetByTextOptions { Exact = false });
        await alice.Messages.HoverAsync();
        int most = 0;
        int taken = 0;
        for (; taken < steps && await first.CountAsync() == 0; taken++)
        {
            // Scrolls to the upper edge, as a user with a free-running wheel does. Then the page loads or renders what is above.
            await alice.Page.Mouse.WheelAsync(0, -6000);
            await alice.Page.WaitForTimeoutAsync(60);
            most = Math.Max(most, await alice.Page.Locator("#lines > .row").CountAsync());
        }

        await Expect(first.First).ToBeAttachedAsync();
        return (taken, most);
    }
}

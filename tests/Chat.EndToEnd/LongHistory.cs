using System.Globalization;
using System.Text.Json;
using ErlChat.Testing;
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
        await using ChatSite site = await ChatSite.StartAsync(
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
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SeesAsync($"number {messages - 1}");
        ICDPSession devtools = await person.NewCDPSessionAsync(alice.Page);
        var durations = new List<(string Name, double Milliseconds)>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (mostMilliseconds is not null)
        {
            devtools.Event("Tracing.dataCollected").OnEvent += (_, data) => durations.AddRange(BusyTimes(data!.Value));
            devtools.Event("Tracing.tracingComplete").OnEvent += (_, _) => done.TrySetResult();
            await devtools.SendAsync(
                "Tracing.start",
                new Dictionary<string, object> { ["categories"] = "toplevel,devtools.timeline", ["transferMode"] = "ReportEvents" });
        }

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
        Assert.InRange(most, 50, MostRows);
        await alice.SeesAsync("This is the beginning of #lobby.");
        await alice.Page.ClickAsync("#latest");
        await alice.SeesAsync($"number {messages - 1}");
        if (mostMilliseconds is not { } limit)
            return;

        await devtools.SendAsync("Tracing.end");
        await done.Task.WithinAsync(TimeSpan.FromSeconds(60));
        (string name, double longest) = durations.OrderByDescending(one => one.Milliseconds).First();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{taken} turns, at most {most} rows, longest task {longest:F1} ms ({name}) of {durations.Count}"));
        Assert.True(longest < limit, string.Create(CultureInfo.InvariantCulture, $"{name} took {longest:F1} ms"));
    }

    /// <summary>
    /// How long each task on the renderer's threads took, from the complete events of the trace. Uses processor time if the trace has it,
    /// since the time that other programs take on a busy machine is not the page's work.
    /// </summary>
    private static IEnumerable<(string Name, double Milliseconds)> BusyTimes(JsonElement data) =>
        from one in data.GetProperty("value").EnumerateArray()
        let name = one.GetProperty("name").GetString()
        where name is "FunctionCall" or "Layout" or "UpdateLayoutTree" or "FireAnimationFrame" or "Paint"
            && one.TryGetProperty("dur", out _)
        select (name, (one.TryGetProperty("tdur", out JsonElement own) ? own : one.GetProperty("dur")).GetDouble() / 1000);
}

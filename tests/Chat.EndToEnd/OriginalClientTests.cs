using ErlChat.Testing;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>The original page, unmodified, together with users of today's page.</summary>
public sealed class OriginalClientTests(Browser browser)
{
    [Fact]
    public async Task The_original_page_talks_with_todays_page_and_shows_each_join_and_leave_once()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:PollTimeout=00:00:01",
            "--Chat:PollJitter=00:00:00.2",
            "--Chat:RateLimitCount=100",
            "--Limits:Enabled=false");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        Visitor before = await Visitor.JoinAsync(site, "before");
        await using OriginalClient old = await OriginalClient.LogInAsync(site.Address, "old");

        // One user joins, and one leaves, between the first two calls of the page: the original's own race.
        await old.LoadAsync(between: async () =>
        {
            await Visitor.JoinAsync(site, "between");
            await before.LeaveAsync();
        });
        await Eventually.BeTrueAsync(() => old.List.Order(StringComparer.Ordinal).SequenceEqual(["alice", "between", "old"]));
        await old.SayAsync("from 2009 <b>& all</b>");
        await alice.SeesAsync("from 2009 <b>& all</b>");
        for (int i = 1; i <= 6; i++)
            await alice.SayAsync($"burst {i}");
        await alice.SayAsync("/pm old psst <i>you</i>");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await alice.Conversation("#lobby").ClickAsync();
        await alice.SayAsync("end of burst");
        await Eventually.BeTrueAsync(() => old.Shown.Contains("alice: end of burst"));
        Assert.Equal(
            [
                "old: from 2009 <b>& all</b>", .. Enumerable.Range(1, 6).Select(i => $"alice: burst {i}"),
                "html Private message from alice: psst &lt;i&gt;you&lt;/i&gt;", "alice: end of burst",
            ],
            old.Shown);

        Visitor late = await Visitor.JoinAsync(site, "late");
        await Eventually.BeTrueAsync(() => old.List.Contains("late"));
        await late.LeaveAsync();
        await Eventually.BeTrueAsync(() => old.Shown.Contains("late left: normal"));
        Assert.Equal(["alice", "between", "old"], old.List.Order(StringComparer.Ordinal));
        Assert.Null(old.Died);
        await old.LogOutAsync();
        await Eventually.BeTrueAsync(() => old.Died == "bad_session");
        await alice.SeesAsync("old left.");
    }

    [Fact]
    public async Task The_original_page_survives_constant_joins_and_leaves()
    {
        await using ChatSite site = await ChatSite.StartAsync(
            "--Chat:PollTimeout=00:00:01",
            "--Chat:PollJitter=00:00:00.2",
            "--Chat:MaxSessionsPerHost=1000",
            "--Limits:Enabled=false");
        Task traffic = Task.WhenAll(Enumerable.Range(0, 4).Select(async lane =>
        {
            for (int i = 0; i < 50; i++)
            {
                Visitor visitor = await Visitor.JoinAsync(site, $"v{lane}x{i}");
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
                await visitor.LeaveAsync();
            }
        }));
        var clients = new List<OriginalClient>();
        for (int i = 0; i < 10; i++)
        {
            OriginalClient client = await OriginalClient.LogInAsync(site.Address, $"old{i}");
            clients.Add(client);
            await client.LoadAsync();
        }

        await traffic.WithinAsync(TimeSpan.FromSeconds(20));
        string[] all = [.. Enumerable.Range(0, 10).Select(i => $"old{i}")];
        foreach (OriginalClient client in clients)
        {
            await Eventually.BeTrueAsync(() => client.List.Order(StringComparer.Ordinal).SequenceEqual(all));
            Assert.Null(client.Died);
            await client.DisposeAsync();
        }
    }
}

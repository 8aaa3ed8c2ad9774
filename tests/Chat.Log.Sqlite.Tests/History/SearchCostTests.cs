using ErlChat.History;
using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <summary>What a search costs: the clock is read after every thousand steps of SQLite, so its readings count them.</summary>
public sealed class SearchCostTests : IAsyncDisposable
{
    private const int Newer = 20_000;

    private readonly SqliteParts _parts = new();
    private readonly CountedTime _time = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // Such a search used to read all the newer messages first, and could run into its time limit.
    [Theory]
    [InlineData("apple")]
    [InlineData("ap")]
    public async Task A_search_for_what_is_old_costs_the_same_however_much_has_come_since(string words)
    {
        _parts.Time = _time;
        _parts.OpenLog();
        DateTimeOffset start = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);
        Say(1, 100, start);
        await _parts.History.FlushWithAsync(_ => { });
        long alone = await CostAsync(start.AddDays(1), 50);
        Say(101, Newer, start.AddDays(2));
        await _parts.History.FlushWithAsync(_ => { });
        long cost = await CostAsync(start.AddDays(1), 50);
        Assert.InRange(cost, 1, alone + 5);

        // The count tells: a search that has to read them costs more.
        long dear = await CostAsync(start.AddDays(3), 0, nick: "nobody");
        Assert.True(dear > 10 * cost, $"{dear} instead of {cost}");

        async Task<long> CostAsync(DateTimeOffset until, int expected, string? nick = null) => await _time.ReadsAsync(async () =>
        {
            Assert.True(SearchQuery.TryParse(words, out SearchQuery? query));
            MailPage page = await _parts.History.SearchAsync(
                query.Limited(nick, until), new SearchScope(["lobby"], null), long.MaxValue, 50, CancellationToken.None);
            Assert.Equal(Enumerable.Range(101 - expected, expected), page.Select(mail => (int)mail.Sequence));
        });
    }

    private void Say(int first, int count, DateTimeOffset from)
    {
        var amy = new Person("amy", "amy", "id of amy");
        for (int i = first; i < first + count; i++)
            _parts.History.Add("lobby", new(i, from.AddSeconds(i), new Spoken("lobby", amy, $"apple {i}", Action: false, Own: false)));
    }
}

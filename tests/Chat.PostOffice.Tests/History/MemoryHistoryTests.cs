using ErlChat.History;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>
/// The contract of every history, and the limits of the one in memory: it is limited by its size too, so long messages cannot evade the
/// limit on their number.
/// </summary>
public sealed class MemoryHistoryTests : ChatHistoryContract
{
    private const int Room = 100_000;
    private const int Total = 500_000;

    private readonly MemoryHistory _history = new(
        Microsoft.Extensions.Options.Options.Create(new ChatOptions { HistoryBytesPerRoom = Room, HistoryBytesTotal = Total }));

    private long _sequence;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task<IChatHistory> OpenAsync() => Task.FromResult<IChatHistory>(
        new MemoryHistory(Microsoft.Extensions.Options.Options.Create(new ChatOptions())));

    protected override Task SettleAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_room_keeps_the_newest_that_fit()
    {
        for (int i = 0; i < 100; i++)
            Say("lobby", 3000);
        MailPage page = await ReadAsync("lobby");
        Assert.InRange(page.Sum(mail => mail.Weight), Room / 2, Room);
        Assert.Equal(_sequence, page[^1].Sequence);

        // A single message above the limit is kept alone.
        Say("lobby", 50_000);
        Assert.Equal(_sequence, Assert.Single(await ReadAsync("lobby")).Sequence);
    }

    [Fact]
    public async Task A_search_for_what_is_old_costs_the_same_however_much_has_come_since()
    {
        var time = new CountedTime();
        var amy = new Person("amy", "amy", "id of amy");
        var options = new ChatOptions { HistoryPerRoom = 10_000, HistoryBytesPerRoom = 100_000_000, HistoryBytesTotal = 200_000_000 };
        var history = new MemoryHistory(Microsoft.Extensions.Options.Options.Create(options), time);
        DateTimeOffset start = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);
        string longWords = string.Join(' ', Enumerable.Repeat("apple", 500));
        Say(1, 10, start);
        long alone = await CostAsync(start.AddDays(1), 10);
        Say(11, 2000, start.AddDays(2));
        Assert.InRange(await CostAsync(start.AddDays(1), 10), 1, alone);
        Assert.InRange(await CostAsync(start.AddDays(3), 0, nick: "nobody"), alone + 10, long.MaxValue);

        async Task<long> CostAsync(DateTimeOffset until, int expected, string? nick = null) => await time.ReadsAsync(async () =>
        {
            MailPage page = await history.SearchAsync(
                Query("apple").Limited(nick, until), new SearchScope(["lobby"], null), long.MaxValue, 50, CancellationToken.None);
            Assert.Equal(expected, page.Count);
        });

        void Say(int first, int count, DateTimeOffset from)
        {
            for (int i = first; i < first + count; i++)
                history.Add("lobby", new Mail(i, from.AddSeconds(i), new Spoken("lobby", amy, longWords, Action: false, Own: false)));
        }
    }

    [Fact]
    public async Task Of_an_erased_person_only_empty_messages_are_left()
    {
        var zoe = new Person("zoe", "Zoe", "id of zoe");
        var amy = new Person("amy", "amy", "id of amy");
        SessionKey reader = SessionKey.Of("amy");
        DateTimeOffset at = DateTimeOffset.UnixEpoch;
        _history.Add("lobby", new Mail(1, at, new Spoken("lobby", zoe, new string('x', 3000), Action: false, Own: false)));
        _history.Add("lobby", new Mail(2, at, new Spoken("lobby", amy, "stays", Action: false, Own: false)));
        _history.AddPrivate(reader, new Mail(3, at, new Whisper(zoe, amy, "psst", Own: false)));
        _history.AddPrivate(reader, new Mail(4, at, new Whisper(amy, zoe, "stays", Own: true)));
        _history.Erase("id of zoe");
        var nobody = new Person("[deleted]", "[deleted]", "id of zoe");
        Assert.Equal(
            [
                new Spoken("lobby", nobody, "", Action: false, Own: false),
                new Spoken("lobby", amy, "stays", Action: false, Own: false),
            ],
            (await ReadAsync("lobby")).Select(mail => mail.Content));
        Assert.Equal(
            [new Whisper(nobody, amy, "", Own: false), new Whisper(amy, nobody, "stays", Own: true)],
            (await _history.ReadPrivateAsync(reader, Correspondent.Anybody, long.MaxValue, 10, CancellationToken.None))
                .Select(mail => mail.Content));
    }

    [Fact]
    public async Task Private_messages_of_a_session_are_bounded_too()
    {
        SessionKey reader = SessionKey.Of("reader");
        var who = new Person("alice", "alice", "id");
        for (int i = 0; i < 100; i++)
            _history.AddPrivate(
                reader,
                new Mail(++_sequence, DateTimeOffset.UnixEpoch, new Whisper(who, who, new string('x', 3000), Own: false)));
        MailPage page = await _history.ReadPrivateAsync(
            reader,
            Correspondent.Anybody,
            long.MaxValue,
            new PageSize(1000, int.MaxValue),
            CancellationToken.None);
        Assert.InRange(page.Sum(mail => mail.Weight), Room / 2, Room);
    }

    // Regression: any number of rooms could be filled, one after the other.
    [Fact]
    public async Task All_histories_together_are_bounded_and_small_rooms_keep_theirs()
    {
        for (int i = 0; i < 10; i++)
            Say("small", 100);
        for (int room = 0; room < 100; room++)
        {
            for (int i = 0; i < 10; i++)
                Say($"room{room}", 3000);
        }

        Assert.Equal(10, (await ReadAsync("small")).Count);
        long all = 0;
        for (int room = 0; room < 100; room++)
        {
            MailPage page = await ReadAsync($"room{room}");
            all += page.Sum(mail => mail.Weight);
        }

        Assert.InRange(all, Total / 2, Total);

        // Forgetting rooms frees space.
        for (int room = 0; room < 100; room++)
            _history.Forget($"room{room}");
        for (int i = 0; i < 10; i++)
            Say("den", 3000);
        Assert.Equal(10, (await ReadAsync("den")).Count);
    }

    private void Say(string room, int length) =>
        _history.Add(room, new Mail(
            ++_sequence,
            DateTimeOffset.UnixEpoch,
            new Spoken(room, new Person("alice", "alice", "id"), new string('x', length), Action: false, Own: false)));

    private async Task<MailPage> ReadAsync(string room) =>
        await _history.ReadAsync(room, long.MaxValue, new PageSize(1000, int.MaxValue), CancellationToken.None);
}

using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>
/// Removal by age and by count: everything that is due is removed, and everything that a start or a live node needs is kept.
/// </summary>
public sealed class PostgresRetentionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new();
    private ChatDatabase _database = null!;
    private StorageNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await ChatDatabase.CreateAsync();
        (_database.Options.SnapshotEvery, _database.Options.RestoreMail) = (20, 5);
        _time.UtcNow = s_start;
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task By_default_everything_is_kept()
    {
        await TalkAsync(60, snapshots: [20, 40, 60]);
        _time.UtcNow += TimeSpan.FromDays(36_000);
        await SweepAsync();
        Assert.Equal((1, 60), await EntriesAsync());
        Assert.Equal(58, await MessagesAsync());
    }

    [Fact]
    public async Task By_count_messages_go_exactly_and_entries_up_to_the_oldest_snapshot()
    {
        _database.Options.KeepEntries = 30;
        await TalkAsync(2500, snapshots: [2430, 2490]);
        await SweepAsync();
        Assert.Equal(30, await MessagesAsync());
        Assert.Equal((2431, 70), await EntriesAsync());
        Assert.Equal("2430", await _database.ScalarAsync<string>("SELECT value FROM meta WHERE key = 'removed_through'"));
        Assert.Equal(2490, (await _node.Snapshots.OpenAsync(CancellationToken.None)).Image!.Sequence);
        Assert.Equal(_database.Options.RestoreMail, _node.Snapshots.Interval);
    }

    [Fact]
    public async Task By_age_the_old_go_and_the_newest_entry_stays()
    {
        _database.Options.KeepFor = TimeSpan.FromDays(30);
        await TalkAsync(60, snapshots: [20, 40]);
        await SweepAsync();
        Assert.Equal(58, await MessagesAsync());
        for (int day = 0; day < 31; day++)
            _time.Advance(TimeSpan.FromDays(1));
        await SweepAsync();
        Assert.Equal(0, await MessagesAsync());
        Assert.Equal((21, 40), await EntriesAsync());

        // Even when nothing else keeps it, since the next sequence follows from it.
        _database.Options.RestoreMail = 0;
        await _database.ExecuteAsync("DELETE FROM snapshot WHERE sequence < 60; INSERT INTO snapshot VALUES (60, 1, 1, '')");
        await SweepAsync();
        Assert.Equal((60, 1), await EntriesAsync());
    }

    [Fact]
    public async Task What_a_live_node_has_yet_to_read_is_kept()
    {
        _database.Options.KeepEntries = 5;
        await TalkAsync(100, snapshots: [80, 90]);
        await _database.ExecuteAsync(
            """
            INSERT INTO node (name, origin, applied) VALUES ('fast', 'a', 99), ('slow', 'b', 33);
            INSERT INTO node (name, origin, applied, closed) VALUES ('dead', 'c', 11, true);
            INSERT INTO node (name, origin, applied, beat) VALUES ('forgotten', 'd', 22, now() - interval '2 h');
            """);
        await SweepAsync();
        Assert.Equal((34, 67), await EntriesAsync());
        await _database.ExecuteAsync("UPDATE node SET applied = 99 WHERE name = 'slow'");
        await SweepAsync();
        Assert.Equal((81, 20), await EntriesAsync());
    }

    [Fact]
    public async Task Without_a_snapshot_that_a_start_can_use_no_entry_goes()
    {
        _database.Options.KeepEntries = 5;
        await TalkAsync(50, snapshots: [48]);
        await SweepAsync();
        Assert.Equal((1, 50), await EntriesAsync());
        Assert.Equal(5, await MessagesAsync());
    }

    // It was frozen, and does not know yet that another node does this.
    [Fact]
    public async Task A_node_that_has_lost_the_lease_removes_nothing()
    {
        _database.Options.KeepEntries = 5;
        await TalkAsync(100, snapshots: [80, 90]);
        await _database.ExecuteAsync(ElectedNode.Replace);
        await SweepAsync();
        Assert.Equal((1, 100), await EntriesAsync());
        Assert.Equal(98, await MessagesAsync());
    }

    // Clocks of nodes differ. A hole would look like a log that was rolled back.
    [Fact]
    public async Task No_hole_arises_when_times_are_not_in_order()
    {
        _database.Options.KeepFor = TimeSpan.FromDays(30);
        await TalkAsync(60, snapshots: [40, 50]);
        await _database.ExecuteAsync("UPDATE entry SET at = at + 864000000000 * 20 WHERE sequence = 10");
        for (int day = 0; day < 31; day++)
            _time.Advance(TimeSpan.FromDays(1));
        await SweepAsync();
        Assert.Equal((10, 51), await EntriesAsync());
    }

    private async Task TalkAsync(int entries, long[] snapshots)
    {
        _node = new StorageNode(_database, time: _time);
        SessionKey alice = SessionKey.Of("alice");
        Joined joined = new(alice, "alice", "alice", "id", null, false, "192.0.2.1", "lobby", 10, 16) { At = s_start };
        await _node.AppendAsync([
            joined,
            joined with { Session = SessionKey.Of("bob"), Nick = "bob", UserId = "id of bob" },
            .. Enumerable.Range(3, entries - 2).Select(i => new Said(alice, "lobby", $"message {i}", Action: false) { At = s_start }),
        ]);
        await _node.StartAsync();
        await _node.SettleAsync();
        foreach (long sequence in snapshots)
            await _node.Snapshots.SaveAsync(
                new ChatStateImage(sequence, [], [new RoomImage("lobby", "", [])], [], [new OriginImage("run", sequence, sequence)]),
                CancellationToken.None);
        Assert.Equal(snapshots, await _database.ScalarAsync<long[]>("SELECT array_agg(sequence ORDER BY sequence) FROM snapshot"));
    }

    private Task SweepAsync() => _node.Retention.SweepAsync(CancellationToken.None).WithinAsync();

    private async Task<(long First, long Count)> EntriesAsync() => (
        await _database.ScalarAsync<long>("SELECT min(sequence) FROM entry"),
            await _database.ScalarAsync<long>("SELECT count(*) FROM entry"));

    private Task<long> MessagesAsync() => _database.ScalarAsync<long>("SELECT count(*) FROM message");
}

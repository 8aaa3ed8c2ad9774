using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>The contract of every store of snapshots, and what parts and several nodes add to it.</summary>
public sealed class PostgresSnapshotsTests : SnapshotStoreContract, IAsyncLifetime
{
    private readonly List<StorageNode> _nodes = [];
    private ChatDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await ChatDatabase.CreateAsync();
        _database.Options.RestoreMail = RestoreMail;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (StorageNode node in _nodes)
            node.Dispose();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("DELETE FROM snapshot_part WHERE sequence = 10 AND part = 0", "it has 0 of 1 parts")]
    [InlineData("UPDATE snapshot_part SET bytes = substr(bytes, 1, 40) WHERE sequence = 10", "its checksum is wrong")]
    [InlineData("UPDATE snapshot SET format = 99 WHERE sequence = 10", "its format is 99, not 1 to 8")]
    public async Task A_damaged_snapshot_is_reported_and_skipped(string damage, string problem)
    {
        ISnapshotStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        await AppendAsync(20);
        await store.SaveAsync(ImageOf(5), CancellationToken.None);
        await store.SaveAsync(ImageOf(10), CancellationToken.None);
        await _database.ExecuteAsync(damage);
        Assert.Equal(5, (await Restart().OpenAsync(CancellationToken.None)).Image!.Sequence);
        Assert.Contains(problem, Assert.Single(_database.Logs.Of("SnapshotUnusable")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_snapshot_and_first_entries_a_start_is_refused_until_the_loss_is_accepted()
    {
        ISnapshotStore store = Create();
        await AppendAsync(20);
        await _database.ExecuteAsync("DELETE FROM entry WHERE sequence <= 12; INSERT INTO meta VALUES ('removed_through', '12')");
        IOException refused = await Assert.ThrowsAnyAsync<IOException>(() => store.OpenAsync(CancellationToken.None).AsTask());
        Assert.Contains("Log:AcceptLostState=true", refused.Message, StringComparison.Ordinal);
        _database.Options.AcceptLostState = true;
        Assert.Equal(new ReplayStart(null, 15, 20, 0), await Restart().OpenAsync(CancellationToken.None));
        Assert.Single(_database.Logs.Of("StateLost"));
    }

    // A start from it would never come across messages that the history does not have.
    [Fact]
    public async Task A_snapshot_waits_for_the_history()
    {
        Create();
        StorageNode node = _nodes[0];
        LogEntry[] entries = await node.AppendAsync(new Said(SessionKey.Of("alice"), "lobby", "hello", Action: false));
        await node.Snapshots.OpenAsync(CancellationToken.None);
        var spoken = new Postings.Spoken("lobby", new("a", "a", "1"), "hello", false, false);
        node.History.Add("lobby", new Mailboxes.Mail(1, entries[0].Entry.At, spoken));
        node.History.Applied(1);
        node.Nodes.LeavesHistory = true;
        Task saving = node.Snapshots.SaveAsync(ImageOf(1), CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
        Assert.False(saving.IsCompleted);
        node.Nodes.LeavesHistory = false;
        await saving.WithinAsync();
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task Only_the_elected_node_saves()
    {
        Create();
        Assert.Equal(_database.Options.SnapshotEvery, _nodes[0].Snapshots.Interval);
        _nodes[0].Nodes.IsLeader = false;
        Assert.Equal(0, _nodes[0].Snapshots.Interval);
        await Task.CompletedTask;
    }

    // A node that was frozen while it wrote parts, or another version of the program, leaves other bytes behind.
    [Fact]
    public async Task Parts_of_another_node_are_never_taken_for_ones_own()
    {
        ISnapshotStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        await AppendAsync(20);
        ChatStateImage image = ImageOf(10);
        await _database.ExecuteAsync("INSERT INTO snapshot_part VALUES (10, 0, 'something else'), (10, 1, 'more')");
        await Assert.ThrowsAsync<LogUnavailableException>(() => store.SaveAsync(image, CancellationToken.None));
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM snapshot_part"));
        await store.SaveAsync(image, CancellationToken.None);
        long[] stored = await StoredAsync();
        Assert.Equal([10], stored);
    }

    // A node that has not noticed yet that the log was rolled back.
    [Theory]
    [InlineData("DELETE FROM entry WHERE sequence >= 10")]
    [InlineData("UPDATE entry SET origin = 'other' WHERE sequence = 10")]
    public async Task A_state_whose_last_entry_the_log_does_not_have_is_not_stored(string rewind)
    {
        ISnapshotStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        await AppendAsync(20);
        await _database.ExecuteAsync(rewind);
        await Assert.ThrowsAsync<LogUnavailableException>(() => store.SaveAsync(ImageOf(10), CancellationToken.None));
        Assert.Empty(await StoredAsync());
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM snapshot_part"));
    }

    // An older version of the program may have stored one.
    [Fact]
    public async Task A_start_does_not_begin_with_a_state_whose_last_entry_the_log_does_not_have()
    {
        ISnapshotStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        await AppendAsync(20);
        await store.SaveAsync(ImageOf(5), CancellationToken.None);
        await store.SaveAsync(ImageOf(10), CancellationToken.None);
        await _database.ExecuteAsync("UPDATE entry SET origin = 'other' WHERE sequence = 10");
        Assert.Equal(5, (await Restart().OpenAsync(CancellationToken.None)).Image!.Sequence);
        Assert.Contains(
            "its last entry is not in the log", Assert.Single(_database.Logs.Of("SnapshotUnusable")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_rolled_back_between_the_snapshot_and_the_first_entry_is_noticed()
    {
        ISnapshotStore store = Create();
        _database.Logs.Expect("LogEnded");
        await store.OpenAsync(CancellationToken.None);
        await AppendAsync(20);
        await store.SaveAsync(ImageOf(10), CancellationToken.None);
        Assert.Equal(10, (await Restart().OpenAsync(CancellationToken.None)).Image!.Sequence);
        await _database.ExecuteAsync("UPDATE entry SET origin = 'other' WHERE sequence = 10");
        await using IAsyncEnumerator<LogEntry> reading = _nodes[1].Log.ReadAsync(10, CancellationToken.None).GetAsyncEnumerator();
        await Assert.ThrowsAsync<LogEndedException>(() => reading.MoveNextAsync().WithinAsync());
    }

    [Fact]
    public async Task A_node_that_has_lost_the_lease_and_does_not_know_it_stores_nothing()
    {
        ISnapshotStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        await AppendAsync(20);
        await _database.ExecuteAsync(ElectedNode.Replace);
        await Assert.ThrowsAsync<LogUnavailableException>(() => store.SaveAsync(ImageOf(10), CancellationToken.None));
        Assert.Empty(await StoredAsync());
    }

    protected override ISnapshotStore Create()
    {
        var node = new StorageNode(_database);
        _nodes.Add(node);
        return node.Snapshots;
    }

    protected override ISnapshotStore Restart() => Create();

    protected override async Task AppendAsync(int entries) =>
        await _nodes[0].AppendAsync(
        [
            .. Enumerable.Range(0, entries).Select(_ => new Said(SessionKey.Of("alice"), "lobby", "hello", Action: false)),
        ]);

    protected override Task DamageAsync(long sequence) => _database.ExecuteAsync(
        $"UPDATE snapshot_part SET bytes = set_byte(bytes, 30, get_byte(bytes, 30) # 255) WHERE sequence = {sequence} AND part = 0");

    protected override Task<long[]> StoredAsync() =>
        _database.ScalarAsync<long[]>("SELECT coalesce(array_agg(sequence ORDER BY sequence), '{}') FROM snapshot");
}

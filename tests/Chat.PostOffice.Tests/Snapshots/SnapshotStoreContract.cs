using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Snapshots;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>
/// What every store of snapshots must do, next to a log that keeps its entries. Each store has a class that inherits these tests.
/// </summary>
public abstract class SnapshotStoreContract : IAsyncDisposable
{
    /// <summary>The mail of so many entries is to be restored.</summary>
    protected const int RestoreMail = 5;

    /// <summary>The store beside a new, empty log.</summary>
    protected abstract ISnapshotStore Create();

    /// <summary>The store as the next process opens it.</summary>
    protected abstract ISnapshotStore Restart();

    /// <summary>Appends entries to the log, whose sequences rise by 1 from 1.</summary>
    protected abstract Task AppendAsync(int entries);

    /// <summary>Damages a stored snapshot.</summary>
    protected abstract Task DamageAsync(long sequence);

    /// <summary>The sequences of the stored snapshots, ascending.</summary>
    protected abstract Task<long[]> StoredAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Without_a_snapshot_the_whole_log_is_folded()
    {
        ISnapshotStore store = Create();
        Assert.Equal(new ReplayStart(null, 0, 0, 0), await store.OpenAsync(CancellationToken.None));
        await AppendAsync(8);
        Assert.Equal(new ReplayStart(null, 3, 8, 0), await Restart().OpenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_start_begins_with_the_newest_snapshot_that_is_older_than_the_mail_to_restore()
    {
        await SaveAsync(10, 20);
        await AppendAsync(3);
        ReplayStart start = await Restart().OpenAsync(CancellationToken.None);
        Assert.Equal((10, 18, 23, 20), (start.Image!.Sequence, start.MailAfter, start.Newest, start.NewestSnapshot));
        await AppendAsync(2);
        start = await Restart().OpenAsync(CancellationToken.None);
        Assert.Equal((20, 20, 25, 20), (start.Image!.Sequence, start.MailAfter, start.Newest, start.NewestSnapshot));
    }

    [Fact]
    public async Task A_damaged_snapshot_is_skipped_for_the_one_before_and_then_for_the_whole_log()
    {
        await SaveAsync(10, 20);
        await AppendAsync(20);
        await DamageAsync(20);
        Assert.Equal(10, (await Restart().OpenAsync(CancellationToken.None)).Image!.Sequence);
        await DamageAsync(10);
        Assert.Null((await Restart().OpenAsync(CancellationToken.None)).Image);
    }

    [Fact]
    public async Task Two_that_a_start_can_use_are_kept_and_those_that_are_too_new()
    {
        await SaveAsync(10, 20, 30, 40);
        long[] stored = await StoredAsync();
        Assert.Equal([20, 30, 40], stored);
    }

    [Fact]
    public async Task An_image_of_any_size_comes_back_unchanged()
    {
        ISnapshotStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        await AppendAsync(10);
        var random = new Random(42);
        var large = new ChatStateImage(
            3,
            [SessionOf("alice", new Refused(Refusal.Muted, TimeSpan.FromSeconds(2))), .. Enumerable.Range(0, 4000).Select(NewSession)],
            [new RoomImage("lobby", "", [new MemberImage(SessionKey.Of("alice").ToString(), 1, false)])],
            [new Ban("192.0.2.9", "eve", "rude", DateTimeOffset.UnixEpoch)],
            [new OriginImage("run", 3, 3)])
        {
            PersonBans = [new Ban(null, "eve", "rude", DateTimeOffset.UnixEpoch) { UserId = "id of eve" }],
            Acts = [new Act(2, DateTimeOffset.UnixEpoch, ActKind.Kicked, "alice", "id of alice") { Of = "bob", Text = "out" }],
        };
        await store.SaveAsync(large, CancellationToken.None);
        await store.SaveAsync(large, CancellationToken.None);
        ReplayStart start = await Restart().OpenAsync(CancellationToken.None);
        Assert.Equal(large.Sessions.Select(session => session.Who), start.Image!.Sessions.Select(session => session.Who));
        Assert.Equal(large.Sessions[0].Keyed[0].Outcome, start.Image.Sessions[0].Keyed[0].Outcome);
        Assert.Equivalent(large with { Sessions = [] }, start.Image with { Sessions = [] }, strict: true);

        SessionImage NewSession(int number)
        {
            // Random, so that compressing it does not make it small.
            byte[] bytes = new byte[96];
            random.NextBytes(bytes);
            return SessionOf($"n{number}", new Accepted(1)) with
            {
                Who = new Person($"n{number}", Convert.ToBase64String(bytes), $"{number}"),
            };
        }
    }

    /// <summary>An image that a chat may have: it is restored for a try when it is read.</summary>
    protected static ChatStateImage ImageOf(long sequence) => new(
        sequence,
        [SessionOf("alice", new Accepted(1))],
        [new RoomImage("lobby", "", [new MemberImage(SessionKey.Of("alice").ToString(), 1, false)])],
        [],
        [new OriginImage("run", sequence, sequence)]);

    private static SessionImage SessionOf(string name, Outcome outcome) => new(
        SessionKey.Of(name).ToString(),
        new Person(name, name, "id of " + name),
        "192.0.2.1",
        null,
        DateTimeOffset.UnixEpoch,
        false,
        DateTimeOffset.UnixEpoch,
        1,
        DateTimeOffset.UnixEpoch,
        [new KeyedImage("1", DateTimeOffset.UnixEpoch, outcome)]);

    /// <summary>Appends entries up to each of these, and saves a snapshot there.</summary>
    private async Task SaveAsync(params long[] sequences)
    {
        ISnapshotStore store = Create();
        await store.OpenAsync(CancellationToken.None);
        long head = 0;
        foreach (long sequence in sequences)
        {
            await AppendAsync((int)(sequence - head));
            head = sequence;
            await store.SaveAsync(ImageOf(sequence), CancellationToken.None);
        }
    }
}

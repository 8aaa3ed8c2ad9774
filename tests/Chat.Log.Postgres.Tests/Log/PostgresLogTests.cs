using ErlChat.Log;
using ErlChat.Names;
using ErlChat.Postgres.Log;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>The contract of every log, and what the one in PostgreSQL promises beyond it.</summary>
public sealed class PostgresLogTests : ChatLogContract
{
    private readonly List<ChatDatabase> _databases = [];

    protected override async Task<IChatLog> OpenAsync()
    {
        _databases.Add(await ChatDatabase.CreateAsync());
        return await _databases[^1].OpenLogAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (ChatDatabase database in _databases)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task Another_node_opens_the_same_log_and_goes_on_after_it()
    {
        IChatLog log = await OpenAsync();
        Entry[] before = await AppendAsync(log, 5);
        PostgresLog other = await _databases[0].OpenLogAsync();
        Entry[] after = await AppendAsync(other, 2);
        LogEntry[] read = await ReadAsync(other, after: 0, count: 7).WithinAsync();
        Assert.Equal(log.Epoch, other.Epoch);
        Assert.Equal([.. before, .. after], read.Select(entry => entry.Entry));
        Assert.Equal(Enumerable.Range(1, 7).Select(i => (long)i), read.Select(entry => entry.Sequence));
    }

    /// <summary>
    /// Snapshots open the database before the log is read. For a moment, the node said that it accepted messages, and refused a login.
    /// </summary>
    [Fact]
    public async Task Nothing_is_accepted_before_the_log_itself_is_open()
    {
        _databases.Add(await ChatDatabase.CreateAsync());
        ChatNode node = _databases[0].AddNode();
        await node.Database.OpenAsync(CancellationToken.None).WithinAsync();
        Assert.False(node.Log.IsAvailable);
        await node.Log.OpenAsync(CancellationToken.None).WithinAsync();
        Assert.True(node.Log.IsAvailable);
        await AppendAsync(node.Log, 1);
    }

    [Fact]
    public async Task Two_nodes_that_append_at_once_see_one_order()
    {
        const int Each = 300;
        IChatLog one = await OpenAsync();
        PostgresLog other = await _databases[0].OpenLogAsync();
        Task<LogEntry[]> reading = Task.Run(() => ReadAsync(one, after: 0, count: 2 * Each));
        Task<LogEntry[]> readingOther = Task.Run(() => ReadAsync(other, after: 0, count: 2 * Each));
        await Task.WhenAll(TalkAsync(one, "one", Each), TalkAsync(other, "other", Each)).WithinAsync();
        LogEntry[] read = await reading.WithinAsync();
        Assert.Equal(read, await readingOther.WithinAsync());
        foreach (string origin in (string[])["one", "other"])
        {
            Assert.Equal(
                Enumerable.Range(1, Each).Select(i => (long)i),
                read.Where(entry => entry.Entry.Id.Origin == origin).Select(entry => entry.Entry.Id.Counter));
        }
    }

    [Fact]
    public async Task Entries_of_several_origins_may_wait_together_and_their_counters_may_have_gaps()
    {
        IChatLog log = await OpenAsync();
        Entry[] entries = [Say("a", 3), Say("a", 7), Say("b", 1), Say("a", 8), Say("b", 5)];
        await Task.WhenAll(entries.Select(entry => log.AppendAsync(entry, CancellationToken.None).AsTask())).WithinAsync();
        Assert.Equal(entries, (await ReadAsync(log, after: 0, count: 5).WithinAsync()).Select(entry => entry.Entry));
    }

    // The fold must see live what it will see in a replay, and no JSON can carry half a surrogate pair.
    [Fact]
    public async Task What_the_database_cannot_carry_the_reader_does_not_get_either()
    {
        IChatLog log = await OpenAsync();
        Entry half = new TopicSet(SessionKey.Of("a"), "den\0", "half \ud800 pair") { Id = new CommandId("a", 1) };
        await log.AppendAsync(half, CancellationToken.None).WithinAsync();
        LogEntry[] read = await ReadAsync(log, after: 0, count: 1).WithinAsync();
        Assert.Equal(("den\0", "half \ufffd pair"), read[0].Entry is TopicSet set ? (set.Room, set.Topic) : default);
    }

    // Else whoever asks, such as a request of an unknown session at the stop, would fail instead of being refused.
    [Fact]
    public async Task A_log_whose_connections_are_closed_is_unavailable()
    {
        await OpenAsync();
        _databases[0].Logs.Expect("DatabaseAway");
        ChatNode other = _databases[0].AddNode();
        await other.Log.OpenAsync(CancellationToken.None).WithinAsync();
        await other.Primary.DisposeAsync();
        await Assert.ThrowsAsync<LogUnavailableException>(() => other.Log.NewestAsync(CancellationToken.None).WithinAsync());
    }

    [Fact]
    public async Task A_cancelled_append_adds_nothing()
    {
        IChatLog log = await OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.AppendAsync(
            EveryEntry.Kinds().First(),
            new CancellationToken(canceled: true)).WithinAsync());
        Entry[] entries = await AppendAsync(log, 1);
        Assert.Equal(entries, (await ReadAsync(log, after: 0, count: 1).WithinAsync()).Select(entry => entry.Entry));
    }

    internal static Said Say(string origin, long counter) =>
        new(SessionKey.Of(origin), RoomName.Lobby, $"text {counter}", Action: false) { Id = new CommandId(origin, counter) };

    private static async Task TalkAsync(IChatLog log, string origin, int count)
    {
        for (int i = 1; i <= count; i++)
            await log.AppendAsync(Say(origin, i), CancellationToken.None);
    }
}

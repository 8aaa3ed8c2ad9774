using ErlChat.History;
using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postgres.History;
using ErlChat.Postings;
using ErlChat.Sessions;
using Npgsql;

namespace ErlChat.Tests;

/// <summary>One history of several nodes: who writes it, what each of them reads, and what a fail-over or an outage does to it.</summary>
public sealed class SharedHistoryTests : IAsyncLifetime
{
    private static readonly SessionKey s_alice = SessionKey.Of("alice");
    private static readonly Person s_who = new("alice", "alice", "id");

    private readonly List<StorageNode> _nodes = [];
    private ChatDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await ChatDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (StorageNode node in _nodes)
            node.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_does_not_lead_keeps_what_the_leader_has_not_written()
    {
        StorageNode leader = NewNode(), other = NewNode();
        other.Nodes.IsLeader = false;
        Say(leader, 1, 20);
        Say(other, 1, 20);
        await other.History.StepAsync(CancellationToken.None);
        Assert.Equal(20, other.History.Pending);
        Assert.Equal(Numbers(1, 20), await PageAsync(other));
        await leader.SettleAsync();
        Assert.Equal(Numbers(1, 20), await PageAsync(other));
        await other.History.WrittenAsync(20, TimeSpan.FromSeconds(10), CancellationToken.None).WithinAsync();
        Assert.Equal(0, other.History.Pending);
        Assert.Equal(Numbers(1, 20), await PageAsync(other));
        Assert.Equal(20, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
    }

    // Such a search used to read all the newer messages first, and could run into its time limit.
    [Fact]
    public async Task A_search_for_what_is_old_reads_as_much_however_much_has_come_since()
    {
        StorageNode node = NewNode();
        DateTimeOffset start = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);
        Add(1, 100, start);
        long alone = await RowsAsync(start.AddDays(1), 50);
        Add(101, 12_000, start.AddDays(2));
        long rows = await RowsAsync(start.AddDays(1), 50);
        Assert.InRange(rows, 50, alone + 100);

        // The count tells: a search that has to read them reads more.
        long all = await RowsAsync(start.AddDays(3), 0, nick: "nobody");
        Assert.True(all > 10_000, $"{all}, {rows}");

        void Add(int first, int count, DateTimeOffset from)
        {
            for (int i = first; i < first + count; i++)
            {
                var said = new Spoken("lobby", s_who, $"apple {i}", Action: false, Own: false);
                node.History.Add("lobby", new Mail(i, from.AddSeconds(i), said));
                node.History.Applied(i);
            }
        }

        async Task<long> RowsAsync(DateTimeOffset until, int expected, string? nick = null)
        {
            await node.SettleAsync();
            await using NpgsqlConnection connection = await _database.ConnectAsync();
            await using (var analyze = new NpgsqlCommand("ANALYZE message", connection))
                await analyze.ExecuteNonQueryAsync();
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            MailPage page = await HistorySelect.SearchAsync(
                connection,
                Query("apple").Limited(nick, until),
                new SearchScope(["lobby"], null),
                long.MaxValue,
                50,
                CancellationToken.None);
            Assert.Equal(expected, page.Count);
            await using var count = new NpgsqlCommand(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'message'", connection);
            return (long)(await count.ExecuteScalarAsync())!;
        }
    }

    // The leader's fold may be ahead: what this node has not applied, its readers get as mail later.
    [Fact]
    public async Task A_node_shows_nothing_that_it_has_not_applied()
    {
        StorageNode leader = NewNode(), other = NewNode();
        Say(leader, 1, 20);
        await leader.SettleAsync();
        other.History.Applied(12);
        Assert.Equal(Numbers(1, 12), await PageAsync(other));
        MailPage found = await other.History.SearchAsync(
            Query("message"), new SearchScope(["lobby"], null), long.MaxValue, 100, CancellationToken.None);
        Assert.Equal(Numbers(1, 12), found.Select(mail => mail.Sequence));
    }

    // The newest entries are searched without the index.
    [Fact]
    public async Task A_search_goes_on_behind_the_newest_entries()
    {
        StorageNode node = NewNode();
        Say(node, 1, 30);
        Say(node, 20_001, 30);
        await node.SettleAsync();
        var scope = new SearchScope(["lobby"], s_alice);
        MailPage page = await node.History.SearchAsync(Query("message"), scope, long.MaxValue, 40, CancellationToken.None);
        Assert.Equal([.. Numbers(21, 10), .. Numbers(20_001, 30)], page.Select(mail => mail.Sequence));
        Assert.True(page.More);
        page = await node.History.SearchAsync(Query("message"), scope, page[0].Sequence, 40, CancellationToken.None);
        Assert.Equal(Numbers(1, 20), page.Select(mail => mail.Sequence));
        Assert.False(page.More);
        page = await node.History.SearchAsync(Query("\"message 7\""), scope, long.MaxValue, 40, CancellationToken.None);
        Assert.Equal(7, Assert.Single(page).Sequence);
    }

    [Fact]
    public async Task Two_that_believe_to_lead_write_everything_once()
    {
        StorageNode one = NewNode(), other = NewNode();
        Say(one, 1, 3000);
        Say(other, 1, 3000);
        await Task.WhenAll(one.SettleAsync(), other.SettleAsync()).WithinAsync();
        Assert.Equal(3000, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
        Assert.Equal("3000", await _database.ScalarAsync<string>("SELECT value FROM meta WHERE key = 'history_through'"));
    }

    [Fact]
    public async Task A_new_leader_goes_on_where_the_old_one_stopped()
    {
        StorageNode old = NewNode(), next = NewNode();
        next.Nodes.IsLeader = false;
        Say(old, 1, 1000);
        Say(next, 1, 1000);
        await old.History.StepAsync(CancellationToken.None);
        await next.History.StepAsync(CancellationToken.None);
        Assert.InRange(await _database.ScalarAsync<long>("SELECT count(*) FROM message"), 1, 999);
        next.Nodes.IsLeader = true;
        await next.SettleAsync();
        Assert.Equal(1000, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
    }

    [Fact]
    public async Task A_node_that_has_lost_the_lease_and_does_not_know_it_writes_nothing()
    {
        StorageNode node = NewNode();
        Say(node, 1, 20);
        await _database.ExecuteAsync(ElectedNode.Replace);
        Assert.Null(await node.History.StepAsync(CancellationToken.None));
        Assert.Equal(20, node.History.Pending);
        await node.Repair.RunAsync(new HistoryGap(0, 20), CancellationToken.None).WithinAsync();
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
        Assert.Equal("0", await _database.ScalarAsync<string>("SELECT value FROM meta WHERE key = 'history_through'"));
        Assert.Equal(Numbers(1, 20), await PageAsync(node));
    }

    [Fact]
    public async Task The_two_copies_of_a_private_message_are_written_together()
    {
        StorageNode node = NewNode();
        node.History.AddPrivate(s_alice, new Mail(1, DateTimeOffset.UnixEpoch, new Whisper(s_who, s_who, "psst", Own: true)));
        await node.History.StepAsync(CancellationToken.None);
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
        node.History.AddPrivate(SessionKey.Of("bob"), new Mail(1, DateTimeOffset.UnixEpoch, new Whisper(s_who, s_who, "psst", Own: false)));
        node.History.Applied(1);
        await node.History.StepAsync(CancellationToken.None);
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
        Assert.Equal(2, await _database.ScalarAsync<long>("SELECT count(*) FROM participant"));
    }

    // A fail-over can take away what the leader had committed, and by then no node's memory has it any more.
    [Fact]
    public async Task What_a_fail_over_takes_away_is_written_again_from_the_log()
    {
        StorageNode node = NewNode();
        await TalkAsync(node, 2500);
        await node.StartAsync();
        await node.SettleAsync();
        Assert.Equal(2500, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
        await _database.ExecuteAsync(
            "DELETE FROM message WHERE sequence > 300; UPDATE meta SET value = '300' WHERE key = 'history_through'");
        HistoryGap gap = Assert.NotNull(await node.History.StepAsync(CancellationToken.None));
        Assert.Equal(new HistoryGap(300, 2502), gap);
        await node.Repair.RunAsync(gap, CancellationToken.None).WithinAsync();
        Assert.Null(await node.History.StepAsync(CancellationToken.None));
        Assert.Equal(2500, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM participant"));
        Assert.Single(_database.Logs.Of("HistoryRepaired"));
    }

    // Memory is bounded, and the log has what did not fit.
    [Fact]
    public async Task What_had_no_room_in_memory_is_written_from_the_log()
    {
        _database.Options.MaxPendingBytes = 64 * 1024;
        StorageNode node = NewNode();
        await TalkAsync(node, 1000);
        await node.StartAsync();
        Assert.InRange(node.History.PendingBytes, 1, 64 * 1024);
        Assert.Single(_database.Logs.Of("HistoryDropped"));
        await node.Writer.StartAsync(CancellationToken.None);
        await Eventually.BeTrueAsync(() => node.History.Pending == 0, TimeSpan.FromSeconds(20));
        await node.Writer.StopAsync(CancellationToken.None);
        Assert.Equal(1000, await _database.ScalarAsync<long>("SELECT count(*) FROM message"));
        Assert.Equal(999, (await node.History.ReadAsync("lobby", long.MaxValue, 2000, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Without_the_database_memory_answers_what_it_can_and_the_rest_is_refused_in_time()
    {
        StorageNode node = NewNode("Host=127.0.0.1;Port=1;Username=postgres;Password=x;Database=chat");
        _database.Logs.Expect("HistoryUnreadable");
        Say(node, 1, 30);
        MailPage page = await node.History.ReadAsync("lobby", long.MaxValue, 10, CancellationToken.None).WithinAsync();
        Assert.Equal(Numbers(21, 10), page.Select(mail => mail.Sequence));
        Assert.True(page.More);
        await Assert.ThrowsAsync<LogUnavailableException>(
            () => node.History.ReadAsync("lobby", long.MaxValue, 100, CancellationToken.None).WithinAsync());
        await Assert.ThrowsAsync<LogUnavailableException>(
            () => node.History.ReadPrivateAsync(s_alice, "bob", long.MaxValue, 10, CancellationToken.None).WithinAsync());
        await Assert.ThrowsAsync<LogUnavailableException>(() =>
            node.History.SearchAsync(Query("message"), new SearchScope(["lobby"], null), long.MaxValue, 10, CancellationToken.None)
                .WithinAsync());
        Assert.Single(_database.Logs.Of("HistoryUnreadable"));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_makes_a_read_refused_in_time()
    {
        _database.Options.ReadTimeout = TimeSpan.FromMilliseconds(300);
        StorageNode node = NewNode();
        _database.Logs.Expect("HistoryUnreadable");
        node.History.Applied(1);
        Assert.Empty(await PageAsync(node));
        await using NpgsqlConnection connection = await _database.ConnectAsync();
        await using NpgsqlTransaction holding = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE message", connection))
            await hold.ExecuteNonQueryAsync();
        await Assert.ThrowsAsync<LogUnavailableException>(() => PageAsync(node).WithinAsync());
        await holding.RollbackAsync();
        Assert.Empty(await PageAsync(node));
    }

    [Fact]
    public async Task Slow_searches_are_given_up_and_quick_ones_do_not_wait_for_them()
    {
        using var searches = new SearchLanes(_database.AddNode().Primary, TimeProvider.System, TimeSpan.FromSeconds(3));
        Task<string>[] slow = [.. Enumerable.Range(0, 6).Select(_ => SearchAsync("SELECT pg_sleep(60)::text"))];
        long started = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 10; i++)
            Assert.Equal("quick", await SearchAsync("SELECT 'quick'").WithinAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2.9));
        foreach (Task<string> one in slow)
            await Assert.ThrowsAsync<SearchTooSlowException>(() => one.WithinAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(10));

        using var gone = new CancellationTokenSource();
        Task<string> left = SearchAsync("SELECT pg_sleep(60)::text", gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WithinAsync());

        Task<string> SearchAsync(string sql, CancellationToken cancellationToken = default) => searches.RunAsync(
            async (connection, cancelled) =>
            {
                await using var command = new NpgsqlCommand(sql, connection);
                return (string)(await command.ExecuteScalarAsync(cancelled))!;
            },
            cancellationToken).AsTask();
    }

    private StorageNode NewNode(string? connection = null)
    {
        var node = new StorageNode(_database, connection);
        _nodes.Add(node);
        return node;
    }

    /// <summary>A log in which alice says so many messages, the last one to herself.</summary>
    private static async Task TalkAsync(StorageNode node, int messages)
    {
        Joined joined = new(s_alice, "alice", "alice", "id", null, false, "192.0.2.1", "lobby", 10, 16);
        await node.AppendAsync([
            joined,
            joined with { Session = SessionKey.Of("bob"), Nick = "bob", UserId = "id of bob" },
            .. Enumerable.Range(1, messages - 1)
                .Select(i => new Said(s_alice, "lobby", $"message {i} {new string('x', 60)}", Action: false)),
            new Whispered(s_alice, "alice", "the end"),
        ]);
    }

    private static void Say(StorageNode node, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            node.History.Add("lobby", new Mail(i, DateTimeOffset.UnixEpoch, new Spoken("lobby", s_who, $"message {i}", false, false)));
            node.History.Applied(i);
        }
    }

    private static async Task<IEnumerable<long>> PageAsync(StorageNode node) =>
        (await node.History.ReadAsync("lobby", long.MaxValue, 100, CancellationToken.None)).Select(mail => mail.Sequence);

    private static IEnumerable<long> Numbers(int first, int count) => Enumerable.Range(first, count).Select(i => (long)i);

    private static SearchQuery Query(string text) =>
        SearchQuery.TryParse(text, out SearchQuery? query) ? query : throw new ArgumentException(text);
}

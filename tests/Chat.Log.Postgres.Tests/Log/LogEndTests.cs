using ErlChat.Log;
using ErlChat.Outcomes;
using ErlChat.Postgres.Log;

namespace ErlChat.Tests;

/// <summary>When a node stops using the log: an entry that it does not know, or a log that is not the one that it has read.</summary>
public sealed class LogEndTests
{
    /// <summary>Another node's next entry, without an announcement.</summary>
    internal const string Insert = """
        INSERT INTO entry SELECT coalesce(max(sequence), 0) + 1, 'other', 1, 'announced', 0,
            '{"session":"0000000000000000000000000000000000000000000000000000000000000000","text":"x"}' FROM entry
        """;

    [Fact]
    public async Task An_entry_of_an_unknown_kind_ends_the_log_with_a_line_that_says_which_and_commands_are_refused()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Logs.Expect("LogEnded");
        PostgresLog log = await database.OpenLogAsync();
        await using TestChat chat = await StartChatAsync(log);
        TestSession alice = await chat.LoginAsync("alice");
        await database.ExecuteAsync(Insert.Replace("'announced'", "'dreamt'", StringComparison.Ordinal));
        await Eventually.BeTrueAsync(() => database.Logs.Of("LogEnded").Count == 1);
        Assert.False(log.IsAvailable);
        Assert.StartsWith(
            "Entry 2 is of the kind 'dreamt', which this program does not know: start a newer version of it.",
            Assert.Single(database.Logs.Of("LogEnded")).Text,
            StringComparison.Ordinal);
        Assert.Equal(Refusal.Unavailable, Assert.IsType<Refused>(await chat.SayAsync(alice, "hello")).Why);
        Assert.False(chat.Room.IsReady);
        await Eventually.BeTrueAsync(() => chat.Room.Progress() is null);

        // A restart with the same program says the same, as the reason why it does not start.
        PostgresLog again = await database.OpenLogAsync();
        await using IAsyncEnumerator<LogEntry> reader = again.ReadAsync(0, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().WithinAsync());
        await Assert.ThrowsAsync<LogEndedException>(() => reader.MoveNextAsync().WithinAsync());
    }

    [Theory]
    [InlineData("TRUNCATE entry", "The database's log ends at entry 0, but this node has applied 3")]
    [InlineData("DELETE FROM entry WHERE sequence = 3", "The database's log ends at entry 2, but this node has applied 3")]
    [InlineData(
        "UPDATE entry SET origin = 'another' WHERE sequence = 3; INSERT INTO entry VALUES (4, 'another', 9, 'said', 0, '{}')",
        "The database's entry 3 is not the one that this node has applied")]
    [InlineData("INSERT INTO entry VALUES (5, 'another', 9, 'said', 0, '{}')", "The database has no entry 4, but has 5.")]
    public async Task A_log_that_is_not_the_one_that_was_read_ends_its_use(string rewind, string why)
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Logs.Expect("LogEnded");
        PostgresLog log = await database.OpenLogAsync();
        for (int i = 1; i <= 3; i++)
            await log.AppendAsync(PostgresLogTests.Say("node", i), CancellationToken.None).WithinAsync();
        await using IAsyncEnumerator<LogEntry> reader = log.ReadAsync(0, CancellationToken.None).GetAsyncEnumerator();
        for (int i = 1; i <= 3; i++)
            Assert.True(await reader.MoveNextAsync().WithinAsync());
        ValueTask<bool> next = reader.MoveNextAsync();
        await database.ExecuteAsync(rewind);
        LogEndedException ended = await Assert.ThrowsAsync<LogEndedException>(() => next.WithinAsync());
        Assert.StartsWith(why, ended.Message, StringComparison.Ordinal);
        Assert.False(log.IsAvailable);
        Assert.Single(database.Logs.Of("LogEnded"));
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(PostgresLogTests.Say("node", 4), default).WithinAsync());
    }

    [Fact]
    public async Task A_node_whose_acknowledged_entries_are_gone_appends_nothing_more()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Logs.Expect("LogEnded");
        PostgresLog log = await database.OpenLogAsync();
        await log.AppendAsync(PostgresLogTests.Say("node", 1), CancellationToken.None).WithinAsync();
        await database.ExecuteAsync("TRUNCATE entry");
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(PostgresLogTests.Say("node", 2), default).WithinAsync());
        Assert.Contains(
            "entry 1 of origin node was acknowledged and is not in the log",
            Assert.Single(database.Logs.Of("LogEnded")).Text,
            StringComparison.Ordinal);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM entry"));
    }

    [Fact]
    public async Task A_node_whose_own_entries_retention_has_removed_goes_on()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        PostgresLog log = await database.OpenLogAsync(), other = await database.OpenLogAsync();
        await log.AppendAsync(PostgresLogTests.Say("node", 1), CancellationToken.None).WithinAsync();
        await other.AppendAsync(PostgresLogTests.Say("other", 1), CancellationToken.None).WithinAsync();
        await database.ExecuteAsync("DELETE FROM entry WHERE sequence = 1");
        await log.AppendAsync(PostgresLogTests.Say("node", 5), CancellationToken.None).WithinAsync();
        Assert.Equal(3, await database.ScalarAsync<long>("SELECT max(sequence) FROM entry"));
    }

    [Fact]
    public async Task A_node_that_the_others_have_declared_dead_appends_nothing_until_it_is_back()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Logs.Expect("DatabaseAway");
        PostgresLog log = await database.OpenLogAsync();
        await database.ExecuteAsync("INSERT INTO node (name, origin, closed) VALUES ('n1', 'node', true)");
        Task append = log.AppendAsync(PostgresLogTests.Say("node", 1), default).AsTask();
        await Eventually.BeTrueAsync(() => database.Logs.Of("DatabaseAway").Count > 0);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM entry"));
        Assert.False(append.IsCompletedSuccessfully);

        // Its next heartbeat does this.
        await database.ExecuteAsync("UPDATE node SET closed = false");
        await append.WithinAsync();
    }

    private static Task<TestChat> StartChatAsync(PostgresLog log) =>
        new TestChatBuilder().WithRealTime().WithoutLimits().WithLog(log).StartAsync();
}

using ErlChat.History;
using ErlChat.Log;
using ErlChat.Sessions;
using ErlChat.Sqlite;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Upkeep;
using ErlChat.Submissions;

namespace ErlChat.Tests;

/// <summary>The history cannot be written while the log can: S24.</summary>
public sealed class SearchIndexTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // A damaged index ended the history's writer for good, and everything said from then on stayed in memory.
    [Theory]
    [InlineData("UPDATE message_text_data SET block = x'ffffffffffffffff'")]
    public async Task A_damaged_index_is_said_once_and_made_anew_while_people_talk(string damage)
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 700; i++)
            await alice.SubmitAsync($"apple {i}");
        await Eventually.BeTrueAsync(() => _parts.History.Pending == 0, s_patience);
        await _parts.StopAsync(chat);
        DamageWith(damage);

        chat = await _parts.StartChatAsync();
        for (int i = 700; i < 1500; i++)
            await chat.Submissions.SubmitAsync(new Submission(alice.Key, $"apple {i}")).WithinAsync();
        await Eventually.BeTrueAsync(() => _parts.History.Pending == 0, s_patience);
        await Eventually.BeTrueAsync(
            () => _parts.Logs.Of("SearchIndexMended").Count == 1, TimeSpan.FromSeconds(30), string.Join('\n', _parts.Logs.Lines));
        Assert.Single(_parts.Logs.Of("SearchIndexDamaged"));
        Assert.Empty(_parts.Logs.Of("HistoryWaits"));
        foreach (int i in (int[])[0, 699, 700, 1499])
            Assert.Equal($"apple {i}", Assert.Single(await SearchAsync(chat, alice.Key, $"\"apple {i}\"")).Content.Words);
        Assert.Equal(1500, _parts.Scalar<long>("SELECT count(*) FROM message_text WHERE message_text MATCH 'app'"));
        await _parts.StopAsync(chat);
        Assert.Equal(0, LogTool.Run(["verify"], _parts.File, TextWriter.Null, TextWriter.Null));
    }

    // Removing a message takes it out of the index, so every sweep failed, for ever, when nobody talked.
    [Fact]
    public async Task A_damaged_index_does_not_keep_old_messages()
    {
        var time = new ManualTimeProvider();
        _parts.Options.KeepFor = TimeSpan.FromDays(30);
        (TestChat chat, SessionKey alice) = await TalkAndDamageAsync(time);
        using var retention = new LogRetention(_parts.Database, _parts.History, _parts.Snapshots, time, _parts.Logs.For<LogRetention>());
        time.Advance(TimeSpan.FromDays(31));
        await retention.SweepAsync(CancellationToken.None).WithinAsync();
        Assert.Equal(0, _parts.Scalar<long>("SELECT count(*) FROM message"));
        await Eventually.BeTrueAsync(
            () => _parts.Logs.Of("SearchIndexMended").Count == 1, s_patience, string.Join('\n', _parts.Logs.Lines));
        Assert.Empty(await SearchAsync(chat, alice, "apple"));
        await _parts.StopAsync(chat);
    }

    // Searches were refused for ever, since only an insert noticed the damage.
    [Fact]
    public async Task A_damaged_index_that_only_a_search_meets_is_made_anew()
    {
        (TestChat chat, SessionKey alice) = await TalkAndDamageAsync(new ManualTimeProvider());
        await Assert.ThrowsAsync<LogUnavailableException>(() => SearchAsync(chat, alice, "apple"));
        await Eventually.BeTrueAsync(
            () => _parts.Logs.Of("SearchIndexMended").Count == 1, s_patience, string.Join('\n', _parts.Logs.Lines));
        Assert.Single(_parts.Logs.Of("SearchIndexDamaged"));
        Assert.Equal(20, (await SearchAsync(chat, alice, "apple")).Count);
        await _parts.StopAsync(chat);
    }

    // A snapshot that failed had the index made anew, which had nothing to do with it.
    [Fact]
    public async Task What_fails_beside_the_messages_is_not_the_index()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("apple");
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(
            () => _parts.History.FlushWithAsync(connection => connection.Execute("INSERT INTO nowhere VALUES (1)")));
        Assert.Empty(_parts.Logs.Of("SearchIndexDamaged"));
        await Eventually.BeTrueAsync(() => _parts.History.Pending == 0, s_patience);
        Assert.Single(await SearchAsync(chat, alice.Key, "apple"));
        await _parts.StopAsync(chat);
    }

    // It called every message a problem that was not in the index yet.
    [Fact]
    public async Task Verify_says_that_the_index_is_being_made_anew()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("apple");
        await _parts.History.FlushWithAsync(_ => { });
        await _parts.StopAsync(chat);
        using (Microsoft.Data.Sqlite.SqliteConnection connection = _parts.Connect())
        {
            SearchIndex.Detach(connection);
            Assert.True(SearchIndex.Mend(connection));
        }

        using var output = new StringWriter();
        Assert.Equal(0, LogTool.Run(["verify"], _parts.File, output, TextWriter.Null));
        Assert.Contains("being made anew, up to message 0 so far", output.ToString(), StringComparison.Ordinal);
    }

    // A restart in the middle goes on where it was, and what retention removes meanwhile is in the index no more.
    [Fact]
    public async Task Mending_goes_on_after_a_restart()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 1200; i++)
            await alice.SubmitAsync($"apple {i}");
        await Eventually.BeTrueAsync(() => _parts.History.Pending == 0, s_patience);
        await _parts.StopAsync(chat);
        using (Microsoft.Data.Sqlite.SqliteConnection connection = _parts.Connect())
        {
            SearchIndex.Detach(connection);
            Assert.True(SearchIndex.Mend(connection));
            Assert.True(SearchIndex.Mend(connection));
            connection.Execute("DELETE FROM message WHERE sequence IN (SELECT sequence FROM message ORDER BY sequence LIMIT 10)");
            connection.Execute(
                "DELETE FROM message WHERE sequence IN (SELECT sequence FROM message ORDER BY sequence DESC LIMIT 10 OFFSET 1)");
        }

        chat = await _parts.StartChatAsync();
        await chat.Submissions.SubmitAsync(new Submission(alice.Key, "the end")).WithinAsync();
        await Eventually.BeTrueAsync(() => _parts.Logs.Of("SearchIndexMended").Count == 1);
        await Eventually.BeTrueAsync(() => _parts.History.Pending == 0, s_patience);
        await _parts.StopAsync(chat);
        Assert.Equal(1180, _parts.Scalar<long>("SELECT count(*) FROM message_text WHERE message_text MATCH 'app'"));
        Assert.Equal(1, _parts.Scalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"));
        Assert.Equal(0, _parts.Scalar<long>("SELECT count(*) FROM meta WHERE key LIKE 'index%'"));
        _parts.Execute("INSERT INTO message_text (message_text) VALUES ('integrity-check')");
    }

    [Fact]
    public async Task Compact_makes_the_index_anew()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        await alice.SubmitAsync("apple");
        await _parts.History.FlushWithAsync(_ => { });
        await _parts.StopAsync(chat);
        DamageWith("UPDATE message_text_data SET block = x'ffffffffffffffff'");
        Assert.Equal(0, LogTool.Run(["compact"], _parts.File, TextWriter.Null, TextWriter.Null));
        Assert.Equal(0, LogTool.Run(["verify"], _parts.File, TextWriter.Null, TextWriter.Null));
    }

    // Whatever else fails the insert: it is said when it begins and when it ends, and reads miss nothing meanwhile.
    [Fact]
    public async Task Messages_that_cannot_be_written_are_read_from_memory_until_they_can()
    {
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        _parts.Execute("CREATE TRIGGER refused BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no room'); END");
        for (int i = 0; i < 200; i++)
            await alice.SubmitAsync($"message {i}");
        await Eventually.BeTrueAsync(() => _parts.Logs.Of("HistoryWaits").Count == 1);
        MailPage? page = await chat.Room.HistoryAsync(alice.Key, "lobby", long.MaxValue, 200, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"message {i}"), page!.Select(mail => mail.Content.Words));

        await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
        _parts.Execute("DROP TRIGGER refused");
        await Eventually.BeTrueAsync(() => _parts.History.Pending == 0, s_patience);
        await Eventually.BeTrueAsync(() => _parts.Logs.Of("HistoryGoesOn").Count == 1);
        Assert.Single(_parts.Logs.Of("HistoryWaits"));
        await _parts.StopAsync(chat);
    }

    // Memory grew as long as people talked. What does not fit is in the log, and the next start brings it.
    [Fact]
    public async Task What_waits_is_bounded_and_a_restart_brings_the_rest()
    {
        _parts.Options.MaxPendingBytes = 64 * 1024;
        _parts.Logs.Expect("HistoryIncomplete");
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        _parts.Execute("CREATE TRIGGER refused BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no room'); END");
        await alice.SubmitAsync("the first");
        await Eventually.BeTrueAsync(() => _parts.Logs.Of("HistoryWaits").Count == 1);
        for (int i = 0; i < 500; i++)
            await alice.SubmitAsync($"message {i} {new string('x', 500)}");
        await Eventually.BeTrueAsync(() => _parts.Logs.Of("HistoryIncomplete").Count == 1);
        Assert.InRange(_parts.History.Pending, 1, 64 * 1024 / 1500);
        MailPage? page = await chat.Room.HistoryAsync(alice.Key, "lobby", long.MaxValue, 1, CancellationToken.None);
        Assert.StartsWith("message 499 ", Assert.Single(page!).Content.Words, StringComparison.Ordinal);

        // Even when the tables take rows again, nothing is written behind what is missing.
        _parts.Execute("DROP TRIGGER refused");
        await alice.SubmitAsync("the end");
        await Assert.ThrowsAsync<LogUnavailableException>(() => _parts.History.FlushWithAsync(_ => { }));
        await _parts.StopAsync(chat);

        chat = await _parts.StartChatAsync();
        await Eventually.BeTrueAsync(() => _parts.History.Pending == 0, s_patience);
        Assert.Equal(502, _parts.Scalar<long>("SELECT count(*) FROM message"));
        await _parts.StopAsync(chat);
    }

    // A search that takes long is given up, and others need not wait for it.
    [Fact]
    public async Task Slow_searches_are_given_up_and_quick_ones_do_not_wait_for_them()
    {
        _parts.OpenLog();
        using var searches = new SearchLanes(_parts.Database.Readers, TimeProvider.System, TimeSpan.FromSeconds(2));
        Task<string>[] slow = [.. Enumerable.Range(0, 20).Select(_ => searches.RunAsync(
            static connection =>
                connection.Scalar<string>("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) || '' FROM c")!,
            CancellationToken.None).AsTask())];
        long started = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 20; i++)
            Assert.Equal("quick", await searches.RunAsync(
                static connection => connection.Scalar<string>("SELECT 'quick'")!, CancellationToken.None).WithinAsync());
        TimeSpan quick = TimeProvider.System.GetElapsedTime(started);
        Assert.Equal(1, await _parts.Database.Readers.UseAsync(
            static connection => connection.Scalar<long>("SELECT 1"), CancellationToken.None).WithinAsync());
        Assert.InRange(quick, TimeSpan.Zero, TimeSpan.FromSeconds(1.9));
        foreach (Task<string> one in slow)
            await Assert.ThrowsAsync<SearchTooSlowException>(() => one.WithinAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(6));
    }

    // The clock was read twice, and what was left by the second time could be less than nothing: the search ended with a fault of the
    // server.
    [Fact]
    public async Task A_search_whose_time_runs_out_between_two_looks_is_given_up()
    {
        _parts.OpenLog();
        for (int step = 1; step <= 60; step++)
        {
            using var searches = new SearchLanes(
                _parts.Database.Readers, new RunningTime(TimeSpan.FromMilliseconds(step)), TimeSpan.FromMilliseconds(50));
            try
            {
                await searches.RunAsync(
                    static connection => connection.Scalar<string>("SELECT 'quick'")!, CancellationToken.None).WithinAsync();
            }
            catch (SearchTooSlowException)
            {
                Assert.InRange(step, 10, 60);
            }
        }
    }

    [Fact]
    public async Task A_search_whose_client_has_gone_ends()
    {
        _parts.OpenLog();
        using var searches = new SearchLanes(_parts.Database.Readers, TimeProvider.System, TimeSpan.FromMinutes(1));
        using var gone = new CancellationTokenSource();
        Task<string> slow = searches.RunAsync(
            static connection => connection.Scalar<string>(
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) || '' FROM c")!, gone.Token).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(0.3), TimeProvider.System);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow.WithinAsync());
    }

    /// <summary>Goes on by a step at each look.</summary>
    private sealed class RunningTime(TimeSpan step) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _now, step.Ticks);
    }

    /// <summary>Nothing is to be written from then on.</summary>
    private async Task<(TestChat Chat, SessionKey Reader)> TalkAndDamageAsync(TimeProvider time)
    {
        TestChat chat = await _parts.StartChatAsync(time);
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 20; i++)
            await alice.SubmitAsync($"apple {i}");
        await _parts.History.FlushWithAsync(_ => { });
        DamageWith("UPDATE message_text_data SET block = x'ffffffffffffffff'");
        return (chat, alice.Key);
    }

    private void DamageWith(string damage)
    {
        using Microsoft.Data.Sqlite.SqliteConnection connection = _parts.Connect();
        SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_DEFENSIVE, 0, out _);
        connection.Execute(damage);
    }

    private static async Task<MailPage> SearchAsync(TestChat chat, SessionKey reader, string query)
    {
        Assert.True(SearchQuery.TryParse(query, out SearchQuery? parsed));
        return (await chat.Room.SearchAsync(reader, parsed, null, long.MaxValue, 50, CancellationToken.None).WithinAsync())!;
    }
}

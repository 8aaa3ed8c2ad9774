using System.Diagnostics;
using ErlChat.Health;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Sessions;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Upkeep;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>
/// The database is watched while it is idle: problems are found before the next message, with one line when they begin and one when they
/// end.
/// </summary>
public sealed class LogWatchTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();
    private readonly Conditions _conditions = new();
    private readonly ManualTimeProvider _clock = new();

    public LogWatchTests() => _parts.Time = _clock;

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private IEnumerable<string> Holding => _conditions.Look().Where(one => one.Holds).Select(one => one.Name);

    // A read-only database used to be noticed only when a message was refused, and /readyz stayed 200 until then.
    [Fact]
    public async Task A_disk_that_takes_no_write_is_noticed_while_nobody_says_anything()
    {
        _parts.Logs.Expect("LogUnavailable");
        SqliteLog log = _parts.OpenLog();
        using LogWatch watch = Watch();
        LogWriter writer = _parts.Database.Writer;
        Action<WriterConnection> commit = writer.Commit;
        writer.Commit = static _ => throw new SqliteException("attempt to write a readonly database", SQLitePCL.raw.SQLITE_READONLY);
        await watch.StartAsync(CancellationToken.None).WithinAsync();
        Assert.False(log.IsAvailable);
        Assert.Equal(["log-unavailable"], Holding);
        Assert.True(_conditions.Look().Single(one => one.Holds).Refuses);
        Assert.Contains("readonly database", Assert.Single(_parts.Logs.Of("LogUnavailable")).Text, StringComparison.Ordinal);

        writer.Commit = commit;
        await Eventually.BeTrueAsync(() =>
        {
            _clock.Advance(_parts.Options.RetryAfter);
            return log.IsAvailable;
        });
        Assert.Empty(Holding);
        await Eventually.BeTrueAsync(() =>
        {
            _clock.Advance(Outage.Calm);
            return _parts.Logs.Of("LogAvailable").Count == 1;
        });

        // And again later, by the watch's own clock.
        writer.Commit = static _ => throw new SqliteException("attempt to write a readonly database", SQLitePCL.raw.SQLITE_READONLY);
        await Eventually.BeTrueAsync(() =>
        {
            _clock.Advance(_parts.Options.ProbeEvery);
            return !log.IsAvailable;
        });
        await watch.StopAsync(CancellationToken.None).WithinAsync();
    }

    // The appends of a busy chat already show that the disk can be written, so no probe is needed.
    [Fact]
    public async Task A_disk_that_is_written_anyhow_is_not_tried()
    {
        SqliteLog log = _parts.OpenLog();
        using LogWatch watch = Watch();
        int commits = 0;
        Action<WriterConnection> commit = _parts.Database.Writer.Commit;
        _parts.Database.Writer.Commit = connection =>
        {
            commits++;
            commit(connection);
        };
        await watch.LookAsync(probe: true, CancellationToken.None);
        Assert.Equal(1, commits);
        await log.AppendAsync(new Left(default, CloseReason.Left) { Id = new CommandId("test", 1) }, CancellationToken.None);
        await watch.LookAsync(probe: true, CancellationToken.None);
        Assert.Equal(2, commits);
        await watch.LookAsync(probe: true, CancellationToken.None);
        Assert.Equal(3, commits);
    }

    // After a restore, sequences continue far above the last entry. The metric used to claim that a start would fold 170 billion entries.
    [Fact]
    public async Task Entries_behind_the_snapshot_are_counted_after_a_restore_too()
    {
        LogFiles.Create(_parts.File, 20, 20);
        var tools = new Tools(_parts);
        tools.Do("backup", tools.Named("backup.db"));
        tools.Do("restore", tools.Named("backup.db"));
        SqliteLog log = _parts.OpenLog();
        using LogWatch watch = Watch();
        for (int i = 0; i < 3; i++)
        {
            await watch.LookAsync(probe: true, CancellationToken.None);
            Assert.Equal(20 + i, watch.Read().EntriesSinceSnapshot);
            Assert.Null(watch.Read().SnapshotAge);
            await log.AppendAsync(new Left(default, CloseReason.Left) { Id = new CommandId("test", i) }, CancellationToken.None);
        }
    }

    // A reader that did not end used to let the WAL grow to 717 MB in 20 s, without any message.
    [Fact]
    public async Task A_reader_that_holds_the_wal_is_two_lines_and_a_condition()
    {
        _parts.Logs.Expect("WalLarge");
        _parts.Options.MaxWalBytes = 1024 * 1024;
        _parts.OpenLog();
        using LogWatch watch = Watch();
        using (SqliteConnection reader = _parts.Connect())
        {
            reader.Execute("BEGIN");
            reader.Scalar<long>("SELECT count(*) FROM entry");
            Fill(3);
            for (int i = 0; i < 20; i++)
            {
                await watch.LookAsync(probe: false, CancellationToken.None);
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(["wal"], Holding);
            Assert.InRange(watch.Read().WalBytes!.Value, 3 * 1024 * 1024, long.MaxValue);
        }

        await watch.LookAsync(probe: false, CancellationToken.None);
        Assert.Equal(0, watch.Read().WalBytes);
        await Eventually.BeTrueAsync(() =>
        {
            _clock.Advance(Outage.Calm);
            return _parts.Logs.Of("WalSmall").Count == 1;
        });
        Assert.Empty(Holding);
        Assert.Contains("a long read of it has not ended", Assert.Single(_parts.Logs.Of("WalLarge")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_program_that_holds_the_wal_is_named()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/sqlite3"), "There is no sqlite3.");
        _parts.Logs.Expect("WalLarge");
        _parts.Options.MaxWalBytes = 1024 * 1024;
        _parts.OpenLog();
        using LogWatch watch = Watch();
        using Process reader = Process.Start(
            new ProcessStartInfo("/usr/bin/sqlite3", [_parts.File]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await reader.StandardInput.WriteLineAsync("BEGIN; SELECT count(*) FROM entry;");
        await reader.StandardInput.FlushAsync();
        Assert.Equal("0", await reader.StandardOutput.ReadLineAsync().WithinAsync());
        Fill(3);
        await watch.LookAsync(probe: false, CancellationToken.None);
        Assert.Contains(
            $"sqlite3 (pid {reader.Id}) reads from it", Assert.Single(_parts.Logs.Of("WalLarge")).Text, StringComparison.Ordinal);
        reader.StandardInput.Close();
        await reader.WaitForExitAsync().WithinAsync();
    }

    // Short consecutive reads always kept the WAL in use: it could grow without limit although each read was quick.
    [Fact]
    public async Task The_servers_own_reads_make_way_for_a_checkpoint()
    {
        _parts.Options.MaxWalBytes = 1024 * 1024;
        _parts.OpenLog();
        using LogWatch watch = Watch();
        using var end = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(i => Task.Run(() => ReadOnAsync(i * 20)))];
        Fill(3);
        await watch.LookAsync(probe: false, CancellationToken.None).WithinAsync();
        Assert.Equal(0, watch.Read().WalBytes);
        await end.CancelAsync();
        await Task.WhenAll(readers).WithinAsync();
        Assert.Empty(_parts.Logs.Of("WalLarge"));

        async Task ReadOnAsync(int pause)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(pause), TimeProvider.System);
            while (!end.IsCancellationRequested)
            {
                await _parts.Database.Readers.UseAsync(
                    connection =>
                    {
                        connection.Execute("BEGIN");
                        long count = connection.Scalar<long>("SELECT count(*) FROM entry");
                        Task.Delay(TimeSpan.FromMilliseconds(60), TimeProvider.System).GetAwaiter().GetResult();
                        connection.Execute("COMMIT");
                        return count;
                    },
                    CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task A_failed_checkpoint_is_reported_with_the_message_of_the_disk()
    {
        _parts.Logs.Expect("WalLarge");
        _parts.Options.MaxWalBytes = 1024 * 1024;
        _parts.OpenLog();
        using LogWatch watch = Watch();
        Func<WriterConnection, WalState> checkpoint = _parts.Database.Writer.Checkpoint;
        _parts.Database.Writer.Checkpoint = static _ => throw new SqliteException("disk I/O error", SQLitePCL.raw.SQLITE_IOERR);

        // An open connection of this process keeps SQLite's own checkpoints from emptying it.
        using (SqliteConnection reader = _parts.Connect())
        {
            reader.Execute("BEGIN");
            reader.Scalar<long>("SELECT count(*) FROM entry");
            Fill(3);
        }

        for (int i = 0; i < 10; i++)
            await watch.LookAsync(probe: false, CancellationToken.None);
        LogLine line = Assert.Single(_parts.Logs.Of("WalLarge"));
        Assert.Contains("disk I/O error", line.Text, StringComparison.Ordinal);
        Assert.Null(line.Exception);
        Assert.Equal(["wal"], Holding);
        _parts.Database.Writer.Checkpoint = checkpoint;
        await watch.LookAsync(probe: false, CancellationToken.None);
        Assert.Equal(0, watch.Read().WalBytes);
    }

    // Failed reads used to be refused one by one, and no health check reported them.
    [Fact]
    public async Task Reads_that_fail_are_two_lines_and_a_condition()
    {
        _parts.Logs.Expect("LogUnreadable");
        _parts.OpenLog();
        using LogWatch watch = Watch();
        _parts.Execute("ALTER TABLE message RENAME TO hidden");
        for (int i = 0; i < 100; i++)
            await Assert.ThrowsAsync<LogUnavailableException>(
                () => _parts.History.ReadAsync("lobby", long.MaxValue, new PageSize(10, 100_000), CancellationToken.None).AsTask());
        Assert.Equal(["log-unreadable"], Holding);
        _parts.Execute("ALTER TABLE hidden RENAME TO message");
        await _parts.History.ReadAsync("lobby", long.MaxValue, new PageSize(10, 100_000), CancellationToken.None);
        await Eventually.BeTrueAsync(() =>
        {
            _clock.Advance(Outage.Calm);
            return _parts.Logs.Of("LogReadable").Count == 1;
        });
        Assert.Empty(Holding);
        Assert.Null(Assert.Single(_parts.Logs.Of("LogUnreadable")).Exception);
        Assert.Contains("100 reads", _parts.Logs.Of("LogReadable")[0].Text, StringComparison.Ordinal);
    }

    // A read that does not end keeps the WAL in use.
    [Fact]
    public async Task A_read_that_takes_too_long_is_interrupted()
    {
        using var pool = new ReaderPool(
            static () => FileConnection.Open(":memory:", SqliteOpenMode.Memory), TimeProvider.System, TimeSpan.FromMilliseconds(200));
        const string endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
        LogUnavailableException cut = await Assert.ThrowsAsync<LogUnavailableException>(
            () => Task.Run(
                () => pool.UseAsync(connection => connection.Scalar<long>(endless), CancellationToken.None).AsTask()).WithinAsync());
        Assert.Contains("took longer than", cut.Message, StringComparison.Ordinal);
        Assert.Equal(1, await pool.UseAsync(connection => connection.Scalar<long>("SELECT 1"), CancellationToken.None));
    }

    // A server whose database was deleted used to accept messages as before, and all of them were lost.
    [Fact]
    public async Task A_database_that_is_renamed_under_the_server_is_reported()
    {
        _parts.Logs.Expect("DatabaseGone");
        _parts.OpenLog();
        using LogWatch watch = Watch();
        await watch.LookAsync(probe: true, CancellationToken.None);
        File.Move(_parts.File, _parts.File + ".old");
        for (int i = 0; i < 10; i++)
            await watch.LookAsync(probe: true, CancellationToken.None);
        Assert.Equal(["database-missing"], Holding);
        File.Move(_parts.File + ".old", _parts.File);
        await watch.LookAsync(probe: true, CancellationToken.None);
        await Eventually.BeTrueAsync(() =>
        {
            _clock.Advance(Outage.Calm);
            return _parts.Logs.Of("DatabaseBack").Count == 1;
        });
        Assert.Single(_parts.Logs.Of("DatabaseGone"));
        Assert.Empty(Holding);
    }

    [Fact]
    public async Task The_figures_are_those_of_the_files_the_queue_and_the_snapshot()
    {
        _parts.Options.RestoreMail = 0;
        _parts.Options.SnapshotEvery = 5;
        TestChat chat = await _parts.StartChatAsync(_clock);
        using LogWatch watch = Watch();
        Assert.Null(watch.Read().SnapshotAge);
        TestSession alice = await chat.LoginAsync("alice");
        for (int i = 0; i < 10; i++)
            await alice.SubmitAsync($"{i}");
        await Eventually.BeTrueAsync(() => _parts.Logs.Of("SnapshotSaved").Count > 0);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await watch.LookAsync(probe: true, CancellationToken.None);
        LogFigures figures = watch.Read();
        Assert.Equal(new FileInfo(_parts.File).Length, figures.DatabaseBytes);
        Assert.Equal(new FileInfo(_parts.File + "-wal").Length, figures.WalBytes);
        Assert.True(figures.FreeBytes > 0);
        Assert.Equal(_parts.Options.MaxPendingBytes, figures.MaxQueuedBytes);
        Assert.Equal(TimeSpan.FromMinutes(3), figures.SnapshotAge);
        Assert.InRange(figures.EntriesSinceSnapshot, 0, 6);
        await _parts.StopAsync(chat);
    }

    private LogWatch Watch() => new(_parts.Database, _parts.History, _conditions, _clock, _parts.Logs.For<LogWatch>());

    /// <summary>Writes so many megabytes, a hundred kilobytes at a time.</summary>
    private void Fill(int megabytes)
    {
        for (int i = 0; i < megabytes * 10; i++)
            _parts.Database.Writer
                .RunAsync(connection => connection.Execute("INSERT INTO meta (key, value) VALUES (hex(randomblob(8)), zeroblob(110000))"))
                .WithinAsync().GetAwaiter().GetResult();
    }
}

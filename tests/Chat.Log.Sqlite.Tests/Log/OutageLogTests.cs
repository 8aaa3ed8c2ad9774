using System.Diagnostics;
using ErlChat.Log;
using ErlChat.Logging;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Sqlite.Log;
using ErlChat.Sqlite.Upkeep;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ErlChat.Tests;

/// <summary>
/// A failing disk produces one line in the server's log when the failure begins and one when it ends, and no stack traces.
/// </summary>
public sealed class OutageLogTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // The disk accepts the probe and refuses the next message, like a full disk on which a little space is freed. Each such turn used to
    // produce two lines, and each message a stack trace.
    [Fact]
    public async Task A_thousand_messages_that_a_failing_disk_refuses_are_two_lines()
    {
        var clock = new ManualTimeProvider();
        _parts.Time = clock;
        _parts.Logs.Expect("LogUnavailable");
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        LogWriter writer = _parts.Database.Writer;
        Action<WriterConnection> commit = writer.Commit;
        writer.Commit = static _ => throw new SqliteException("database or disk is full", SQLitePCL.raw.SQLITE_FULL);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync($"{i}"));
            if (i % 50 == 0)
            {
                clock.Advance(_parts.Options.RetryAfter);
                await Eventually.BeTrueAsync(() => chat.Room.IsReady);
            }
        }

        writer.Commit = commit;
        await Eventually.BeTrueAsync(() =>
        {
            clock.Advance(_parts.Options.RetryAfter);
            return chat.Room.IsReady;
        });
        Assert.IsType<Accepted>(await alice.SubmitAsync("after"));
        await Eventually.BeTrueAsync(() =>
        {
            clock.Advance(Outage.Calm);
            return _parts.Logs.Of("LogAvailable").Count > 0;
        });
        LogLine begin = Assert.Single(_parts.Logs.Of("LogUnavailable")), end = Assert.Single(_parts.Logs.Of("LogAvailable"));
        Assert.Contains("disk is full", begin.Text, StringComparison.Ordinal);
        Assert.Null(begin.Exception);
        Assert.Contains("1000 entries", end.Text, StringComparison.Ordinal);
        Assert.Equal(2, _parts.Logs.Lines.Concat(chat.Logs.Lines).Count(line => line.Level > LogLevel.Information));
        await _parts.StopAsync(chat);
    }

    // What was no SqliteException ended the writer's thread, and with it the process.
    [Fact]
    public async Task Whatever_the_probe_throws_the_writer_goes_on()
    {
        _parts.Logs.Expect("LogUnavailable");
        TestChat chat = await _parts.StartChatAsync();
        TestSession alice = await chat.LoginAsync("alice");
        LogWriter writer = _parts.Database.Writer;
        Action<WriterConnection> commit = writer.Commit;
        writer.Commit = connection =>
        {
            writer.Commit = commit;
            connection.Connection.Close();
            throw new SqliteException("database or disk is full", SQLitePCL.raw.SQLITE_FULL);
        };
        Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync("lost"));
        await Task.Delay(_parts.Options.RetryAfter * 5, TimeProvider.System);
        Assert.Equal(new Refused(Refusal.Unavailable), await alice.SubmitAsync("lost too"));
        Assert.Single(_parts.Logs.Of("LogUnavailable"));
        await _parts.StopAsync(chat);
    }

    [Fact]
    public async Task Retention_that_fails_at_every_look_is_two_lines_and_goes_on()
    {
        var clock = new ManualTimeProvider();
        _parts.Options.KeepEntries = 1000;
        _parts.OpenLog();
        using var retention = new LogRetention(_parts.Database, _parts.History, _parts.Snapshots, clock, _parts.Logs.For<LogRetention>());
        await retention.StartAsync(CancellationToken.None);
        _parts.Execute("ALTER TABLE entry RENAME TO hidden");

        // Its timer may be made a little later than the start returns.
        await Eventually.BeTrueAsync(() =>
        {
            clock.Advance(_parts.Options.CheckRetention);
            return _parts.Logs.Of("RetentionWaits").Count == 1;
        });
        for (int i = 0; i < 50; i++)
        {
            clock.Advance(_parts.Options.CheckRetention);
            await Eventually.BeTrueAsync(() => _parts.Logs.Of("RetentionWaits").Count == 1);
        }

        _parts.Execute("ALTER TABLE hidden RENAME TO entry");
        await Eventually.BeTrueAsync(() =>
        {
            clock.Advance(_parts.Options.CheckRetention);
            return _parts.Logs.Of("RetentionGoesOn").Count == 1;
        });
        Assert.Single(_parts.Logs.Of("RetentionWaits"));

        // Something that it does not know ends it neither: that would stop the server.
        _parts.Close();
        clock.Advance(_parts.Options.CheckRetention);
        await Eventually.BeTrueAsync(() => _parts.Logs.Of("RetentionWaits").Count == 2);
        Assert.False(retention.ExecuteTask!.IsCompleted);
        await retention.StopAsync(CancellationToken.None).WithinAsync();
    }

    [Fact]
    public async Task A_log_full_of_entries_that_nobody_can_read_is_not_a_line_for_each()
    {
        SqliteLog log = _parts.OpenLog();
        for (int i = 0; i < 30; i++)
            await log.AppendAsync(new Said(SessionKey.Of("a"), "lobby", "hello", false) { Id = new CommandId("run", i + 1) },
                CancellationToken.None).AsTask().WithinAsync();
        _parts.Close();
        _parts.Execute("UPDATE entry SET kind = 'of_the_future'");
        _parts.Logs.Expect("UnreadableEntry");
        _parts.Logs.Expect("MoreUnreadableEntries");
        log = _parts.OpenLog();
        using var stop = new CancellationTokenSource();
        int read = 0;
        await foreach (LogEntry entry in log.ReadAsync(0, stop.Token))
        {
            Assert.IsType<Unreadable>(entry.Entry);
            if (++read == 30)
                break;
        }

        Assert.Equal(10, _parts.Logs.Of("UnreadableEntry").Count);
        Assert.Single(_parts.Logs.Of("MoreUnreadableEntries"));
    }

    /// <summary>A real full disk: a tmpfs of 6 MB, made by root. It was 14 776 lines in 4 s.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_disk_that_is_full_while_people_write_is_two_lines()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk needs root.");
        string disk = Directory.CreateTempSubdirectory("erlchat-full-").FullName;
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk) == 0, "A small disk cannot be mounted here.");
        try
        {
            await FillAsync(disk);
        }
        finally
        {
            await RunAsync("umount", disk);
            Directory.Delete(disk);
        }
    }

    private static async Task FillAsync(string disk)
    {
        var parts = new SqliteParts();
        parts.Options.Path = Path.Combine(disk, "chat.db");
        parts.Logs.Expect("LogUnavailable");
        string filler = Path.Combine(disk, "filler");
        await File.WriteAllBytesAsync(filler, new byte[3 << 20]);
        TestChat chat = await parts.StartChatAsync(TimeProvider.System, options => options.RateLimitCount = 100_000);
        TestSession[] people = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => chat.LoginAsync($"user{i}", $"192.0.2.{i}")));
        int refused = 0, accepted = 0;
        long started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(people.Select(person => Task.Run(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(4))
            {
                if (await person.SubmitAsync(new string('x', 500)) is Accepted)
                    Interlocked.Increment(ref accepted);
                else
                    Interlocked.Increment(ref refused);
            }
        }))).WithinAsync(TimeSpan.FromSeconds(60));
        File.Delete(filler);
        await Eventually.BeTrueAsync(() => chat.Room.IsReady, TimeSpan.FromSeconds(20));
        Assert.IsType<Accepted>(await people[0].SubmitAsync("after"));
        await Eventually.BeTrueAsync(() => parts.Logs.Of("LogAvailable").Count == 1, TimeSpan.FromSeconds(30));
        LogLine[] lines = [.. parts.Logs.Lines.Concat(chat.Logs.Lines).Where(line => line.Level > LogLevel.Debug)];
        Console.WriteLine($"{accepted} messages taken, {refused} refused, {lines.Length} lines in the log:");
        foreach (LogLine line in lines)
            Console.WriteLine($"{line.Level} {line.EventName}: {line.Text}");
        Assert.True(refused > 0);
        Assert.Single(parts.Logs.Of("LogUnavailable"));
        Assert.InRange(lines.Count(line => line.Level > LogLevel.Information && line.EventName != "HistoryWaits"), 2, 2);
        await parts.StopAsync(chat);
        await parts.DisposeAsync();
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync().WithinAsync();
        return process.ExitCode;
    }
}

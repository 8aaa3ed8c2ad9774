using System.Collections.Concurrent;
using ErlChat.Log;
using ErlChat.Postgres.Log;

namespace ErlChat.Tests;

/// <summary>
/// Connections that are cut and answers that never arrive: what was acknowledged is in the log once, and nothing else is.
/// </summary>
public sealed class LostAnswerTests
{
    /// <summary>How many appends are under way at the same time.</summary>
    private const int Window = 20;

    [Fact]
    public Task Whatever_the_network_loses_every_acknowledged_entry_is_in_the_log_once_and_in_order() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        Expect(database.Logs);
        PostgresServer server = await PostgresServer.Shared;
        await using var proxy = new CuttingProxy(server.Port);
        database.Options.AnswerTimeout = TimeSpan.FromMilliseconds(500);
        database.Options.RefuseAfter = TimeSpan.FromMinutes(1);
        PostgresLog log = await database.OpenLogAsync(
            database.Options.Connection.Replace($"Port={server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal));
        PostgresLog other = await database.OpenLogAsync();
        using var stop = new CancellationTokenSource();
        Task<List<LogEntry>> reading = FollowAsync(log, stop.Token), readingOther = FollowAsync(other, stop.Token);

        Task losing = LoseAsync(proxy, random, rounds: 12);
        long counter = 0;
        var acknowledged = new ConcurrentQueue<long>();
        while (!losing.IsCompleted || counter == 0)
        {
            await Task.WhenAll(Enumerable.Range(0, Window).Select(async _ =>
            {
                long own = Interlocked.Increment(ref counter);
                await log.AppendAsync(PostgresLogTests.Say("node", own), CancellationToken.None);
                acknowledged.Enqueue(own);
            })).WithinAsync(TimeSpan.FromSeconds(30));
        }

        await losing;
        LogEntry[] stored = await StoredAsync(await database.OpenLogAsync(), (int)counter);
        await stop.CancelAsync();
        Assert.Equal(Enumerable.Range(1, (int)counter).Select(i => (long)i), stored.Select(entry => entry.Entry.Id.Counter));
        Assert.Equal(stored.Select(entry => entry.Entry.Id.Counter), acknowledged.Order());
        foreach (List<LogEntry> read in await Task.WhenAll(reading, readingOther).WithinAsync())
            Assert.Equal(stored[..read.Count], read);
        Assert.True(proxy.Swallowed > 0, "No answer was swallowed, so this test has tested nothing.");
    });

    [Fact]
    public async Task A_restart_of_the_database_loses_nothing_and_is_one_outage()
    {
        using PostgresServer server = await PostgresServer.StartAsync();
        await using ChatDatabase database = await ChatDatabase.CreateEmptyAsync(server);
        Expect(database.Logs);
        database.Options.RefuseAfter = TimeSpan.FromMinutes(1);
        PostgresLog log = await database.OpenLogAsync();
        using var stop = new CancellationTokenSource();
        Task<List<LogEntry>> reading = FollowAsync(log, stop.Token);

        Task restart = Task.Run(async () =>
        {
            await server.StopAsync("immediate");
            await server.StartAgainAsync();
        });
        int count = 0;
        while (!restart.IsCompleted)
            await log.AppendAsync(PostgresLogTests.Say("node", ++count), CancellationToken.None).WithinAsync(TimeSpan.FromSeconds(20));
        await restart;
        await log.AppendAsync(PostgresLogTests.Say("node", ++count), CancellationToken.None).WithinAsync(TimeSpan.FromSeconds(20));

        await StoredAsync(await database.OpenLogAsync(), count);
        Assert.Single(database.Logs.Of("DatabaseAway"));
        Assert.True(log.IsAvailable);
        await stop.CancelAsync();
        Assert.All(await reading.WithinAsync(), entry => Assert.Equal(entry.Sequence, entry.Entry.Id.Counter));
    }

    [Fact]
    public async Task While_the_database_is_away_messages_that_were_not_sent_are_refused_after_a_while_and_accepted_when_it_is_back()
    {
        using PostgresServer server = await PostgresServer.StartAsync();
        await using ChatDatabase database = await ChatDatabase.CreateEmptyAsync(server);
        Expect(database.Logs);
        database.Options.RefuseAfter = TimeSpan.FromMilliseconds(200);
        PostgresLog log = await database.OpenLogAsync();
        await log.AppendAsync(PostgresLogTests.Say("node", 1), CancellationToken.None).WithinAsync();
        await server.StopAsync();

        // It may have been sent over the connection that was there, so it cannot be refused.
        Task inDoubt = AppendAsync(log, 2);
        await Eventually.BeTrueAsync(() => !log.IsAvailable);
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(PostgresLogTests.Say("node", 3), default).WithinAsync());

        await server.StartAgainAsync();
        await inDoubt.WithinAsync();
        await Eventually.BeTrueAsync(() => log.IsAvailable);
        await log.AppendAsync(PostgresLogTests.Say("node", 1000), CancellationToken.None).WithinAsync();
        LogEntry[] stored = await StoredAsync(log, 3);
        Assert.Equal([1, 2, 1000], stored.Select(entry => entry.Entry.Id.Counter));
    }

    [Fact]
    public async Task More_messages_than_may_wait_are_refused()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Options.MaxWaitingEntries = 10;
        PostgresLog log = await database.OpenLogAsync();
        Task[] appends = [.. Enumerable.Range(1, 5000).Select(i => AppendAsync(log, i))];
        Assert.Contains(appends, append => append.IsFaulted);
        await Task.WhenAll(appends).WithinAsync().ContinueWith(static _ => { }, TaskScheduler.Default);
        int taken = appends.Count(append => append.IsCompletedSuccessfully);
        Assert.All(
            appends.Where(append => append.IsFaulted),
            append => Assert.IsType<LogUnavailableException>(append.Exception!.InnerException));
        Assert.Equal(taken, await database.ScalarAsync<long>("SELECT count(*) FROM entry"));
    }

    internal static void Expect(CollectingLogs logs)
    {
        foreach (string one in (string[])["DatabaseAway", "DatabaseMissing"])
            logs.Expect(one);
    }

    private static async Task AppendAsync(PostgresLog log, long counter) =>
        await log.AppendAsync(PostgresLogTests.Say("node", counter), CancellationToken.None);

    private static async Task LoseAsync(CuttingProxy proxy, Random random, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System);
            if (i == 0 || random.Next(2) == 0)
            {
                // At least one answer, however slow the machine is.
                int before = proxy.Swallowed;
                proxy.Swallow();
                await Eventually.BeTrueAsync(() => proxy.Swallowed > before);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(40)), TimeProvider.System);
            }

            proxy.Cut();
        }
    }

    private static async Task<List<LogEntry>> FollowAsync(PostgresLog log, CancellationToken stop)
    {
        var read = new List<LogEntry>();
        try
        {
            await foreach (LogEntry entry in log.ReadAsync(0, stop))
                read.Add(entry);
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }

        return read;
    }

    /// <summary>What a new reader finds.</summary>
    private static async Task<LogEntry[]> StoredAsync(PostgresLog log, int count)
    {
        var read = new List<LogEntry>();
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<LogEntry> reader = log.ReadAsync(0, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        while (read.Count < count && await reader.MoveNextAsync().WithinAsync())
            read.Add(reader.Current);
        return [.. read];
    }
}

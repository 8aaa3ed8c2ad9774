using ErlChat.Log;
using ErlChat.Postgres.Upkeep;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>The figures of the database, for monitoring.</summary>
public sealed class DatabaseWatchTests
{
    [Fact]
    public async Task The_figures_are_those_of_the_database_the_queue_and_the_snapshot()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Options.RestoreMail = 0;
        using var node = new StorageNode(database);
        var clock = new ManualTimeProvider();
        using var watch = new DatabaseWatch(database.AddNode().Primary, node.History, database.Options, clock);
        Assert.Equal(new LogFigures(0, null, null, 0, 0, database.Options.MaxPendingBytes, null, 0), watch.Read());
        await node.StartAsync();
        await watch.LookAsync(CancellationToken.None);
        Assert.InRange(watch.Read().DatabaseBytes, 1 << 20, 1 << 28);
        Assert.Null(watch.Read().SnapshotAge);

        DateTimeOffset at = clock.GetUtcNow() - TimeSpan.FromMinutes(3);
        LogEntry[] entries = await node.AppendAsync(
            [.. Enumerable.Range(0, 10).Select(_ => new Told(SessionKey.Of("alice"), "words", null) { At = at })]);
        await database.ExecuteAsync($"INSERT INTO snapshot VALUES ({entries[3].Sequence}, 1, 0, '')");
        await watch.LookAsync(CancellationToken.None);
        LogFigures figures = watch.Read();
        Assert.Equal((TimeSpan.FromMinutes(3), 6), (figures.SnapshotAge, figures.EntriesSinceSnapshot));
        Assert.Equal("postgres", watch.Kind);
    }
}

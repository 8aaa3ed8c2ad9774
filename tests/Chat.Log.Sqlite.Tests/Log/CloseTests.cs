using ErlChat.Log;
using ErlChat.Settings;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Tests;

/// <summary>The database closes in time, whatever is being done with it.</summary>
public sealed class CloseTests : IAsyncDisposable
{
    private const string Endless = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number) SELECT count(*) FROM number";

    private static readonly TimeSpan s_limit = new ChatOptions().StopTimeout;

    private readonly SqliteParts _parts = new();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    // A close waited for its readers without end: a copy of a large database, or a search that may take a minute, held up the stop for as
    // long.
    [Theory]
    [InlineData("a search")]
    [InlineData("a copy of the database")]
    public async Task A_long_reading_is_interrupted(string reading)
    {
        _parts.OpenLog();
        string copy = Path.Combine(_parts.Folder, "copy.db");
        if (reading == "a search")
        {
            await CloseWhileAsync(connection => connection.Scalar<long>(Endless), () => true);
            return;
        }

        await _parts.Database.Writer.RunAsync(static connection =>
        {
            connection.Execute("CREATE TABLE large (bytes BLOB)");
            return connection.Execute(
                "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 40000) "
                + "INSERT INTO large SELECT randomblob(4000) FROM number");
        });
        await CloseWhileAsync(connection => connection.Execute("VACUUM INTO $copy", ("$copy", copy)), () => File.Exists(copy));
    }

    [Fact]
    public async Task A_long_writing_is_interrupted_and_rolled_back()
    {
        _parts.OpenLog();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<long> writing = _parts.Database.Writer.RunAsync(connection =>
        {
            connection.Execute("CREATE TABLE half (done INTEGER)");
            begun.SetResult();
            return connection.Scalar<long>(Endless);
        });
        await begun.Task.WithinAsync();
        AssertCloses();
        SqliteException failure = await Assert.ThrowsAsync<SqliteException>(() => writing.WithinAsync());
        Assert.Equal(SQLitePCL.raw.SQLITE_INTERRUPT, failure.SqliteErrorCode);
        Assert.Equal(0, _parts.Scalar<long>("SELECT count(*) FROM sqlite_master WHERE name = 'half'"));
    }

    // Only the first was interrupted, and the close then gave up on the next.
    [Fact]
    public async Task Whatever_waits_behind_it_is_interrupted_too()
    {
        _parts.OpenLog();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<long>[] writing =
        [
            .. Enumerable.Range(0, 3).Select(i => _parts.Database.Writer.RunAsync(connection =>
            {
                begun.TrySetResult();
                return connection.Scalar<long>(Endless);
            })),
        ];
        await begun.Task.WithinAsync();
        AssertCloses();
        foreach (Task<long> one in writing)
            await Assert.ThrowsAsync<SqliteException>(() => one.WithinAsync());
    }

    // A read that the close interrupts was told as a disk that cannot be read.
    private async Task CloseWhileAsync(Func<SqliteConnection, long> read, Func<bool> hasBegun)
    {
        var failures = new System.Collections.Concurrent.ConcurrentQueue<SqliteException>();
        _parts.Database.Readers.Ended = failure =>
        {
            if (failure is not null)
                failures.Enqueue(failure);
        };
        Task<long> reading = _parts.Database.Readers.UseOnThreadAsync(read, CancellationToken.None).AsTask();
        await Eventually.BeTrueAsync(hasBegun);
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        Assert.False(reading.IsCompleted, "It was too quick to be interrupted.");
        AssertCloses();
        await Assert.ThrowsAsync<LogUnavailableException>(() => reading.WithinAsync());
        Assert.Empty(failures);
    }

    private async Task CloseWhileAsync(Func<SqliteConnection, int> read, Func<bool> hasBegun) =>
        await CloseWhileAsync(connection => (long)read(connection), hasBegun);

    private void AssertCloses()
    {
        long began = TimeProvider.System.GetTimestamp();
        _parts.Close();
        TimeSpan took = TimeProvider.System.GetElapsedTime(began);
        Assert.True(took < s_limit, $"{took}");
        Assert.Empty(_parts.Logs.Of("DatabaseNotClosed"));
    }
}

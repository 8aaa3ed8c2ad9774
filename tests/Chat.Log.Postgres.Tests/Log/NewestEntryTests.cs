using ErlChat.Postgres.Log;

namespace ErlChat.Tests;

/// <summary>The question for the newest entry. Requests that anybody can send lead to it.</summary>
public sealed class NewestEntryTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private ChatDatabase _database = null!;
    private NewestEntry _newest = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await ChatDatabase.CreateAsync();
        _newest = new NewestEntry(_database.AddNode().Primary, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _newest.Dispose();
        await _database.DisposeAsync();
    }

    // Previously, each question opened a connection, which takes PostgreSQL many times as long as the question itself.
    [Fact]
    public async Task Questions_within_a_second_use_one_connection()
    {
        Assert.Equal(0, await AskAsync());
        int[] first = await AskersAsync();
        PostgresLog log = await _database.OpenLogAsync();
        await log.AppendAsync(PostgresLogTests.Say("node", 1), CancellationToken.None).WithinAsync();
        Assert.Equal(1, await AskAsync());
        Assert.Equal(1, await AskAsync());
        Assert.Equal(first, await AskersAsync());
        Assert.Single(first);
    }

    // A primary of the past would answer, and would not know what others have acknowledged.
    [Fact]
    public async Task After_a_second_the_primary_is_looked_for_again()
    {
        await AskAsync();
        int[] first = await AskersAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync();
        Assert.NotEmpty((await AskersAsync()).Except(first));
    }

    [Fact]
    public async Task A_connection_that_was_lost_is_replaced_within_the_same_question()
    {
        await AskAsync();
        int[] first = await AskersAsync();
        Assert.True(await _database.ScalarAsync<bool>($"SELECT pg_terminate_backend({Assert.Single(first)}, 5000)"));
        Assert.Equal(0, await AskAsync());
        Assert.NotEmpty((await AskersAsync()).Except(first));
    }

    private Task<long> AskAsync() => _newest.AskAsync(CancellationToken.None).WithinAsync();

    /// <summary>The server's processes whose last statement was the question.</summary>
    private Task<int[]> AskersAsync() => _database.ScalarAsync<int[]>(
        """
        SELECT coalesce(array_agg(pid), '{}') FROM pg_stat_activity
        WHERE datname = current_database() AND query = 'SELECT coalesce(max(sequence), 0) FROM entry'
        """);
}

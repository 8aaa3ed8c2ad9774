using ErlChat.Log;
using ErlChat.Postgres.Log;
using Npgsql;

namespace ErlChat.Tests;

/// <summary>
/// A database that waits for a synchronous standby which is not there. What a commit whose wait was broken off leaves behind is visible,
/// and a fail-over would take it away.
/// </summary>
public sealed class StandbyTests
{
    [Fact]
    public async Task A_row_that_the_standby_may_not_have_is_not_read_until_a_later_commit_proves_that_it_does()
    {
        using PostgresServer server = await PostgresServer.StartAsync();
        await using ChatDatabase database = await OpenAsync(server);
        PostgresLog log = await database.OpenLogAsync();
        await log.AppendAsync(PostgresLogTests.Say("node", 1), CancellationToken.None).WithinAsync();
        await using IAsyncEnumerator<LogEntry> reader = log.ReadAsync(0, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().WithinAsync());
        ValueTask<bool> next = reader.MoveNextAsync();

        await LoseStandbyAsync(server);
        await using (NpgsqlConnection other = await database.ConnectAsync())
        {
            await using var insert = new NpgsqlCommand(LogEndTests.Insert, other);
            Task<int> inserting = insert.ExecuteNonQueryAsync();
            await BreakOffWaitsAsync(database, other.ProcessID);
            await inserting.WithinAsync();
        }

        Assert.Equal(2, await database.ScalarAsync<long>("SELECT count(*) FROM entry"));
        await Eventually.BeTrueAsync(() => database.Logs.Of("DatabaseAway").Count > 0);
        Assert.False(next.IsCompleted);

        await FindStandbyAsync(server);
        Assert.True(await next.WithinAsync());
        Assert.Equal(2, reader.Current.Sequence);
    }

    [Fact]
    public async Task An_append_whose_wait_for_the_standby_was_broken_off_is_not_acknowledged_and_is_there_once_in_the_end()
    {
        using PostgresServer server = await PostgresServer.StartAsync();
        await using ChatDatabase database = await OpenAsync(server);
        database.Options.AnswerTimeout = TimeSpan.FromSeconds(5);
        PostgresLog log = await database.OpenLogAsync();
        await log.AppendAsync(PostgresLogTests.Say("node", 1), CancellationToken.None).WithinAsync();
        await LoseStandbyAsync(server);
        Task append = log.AppendAsync(PostgresLogTests.Say("node", 2), CancellationToken.None).AsTask();
        await BreakOffWaitsAsync(database);
        await Eventually.BeTrueAsync(() => database.Logs.Of("DatabaseAway").Count > 0);
        Assert.Contains("stopped waiting for the standby", database.Logs.Of("DatabaseAway")[0].Text, StringComparison.Ordinal);
        Assert.Equal(2, await database.ScalarAsync<long>("SELECT count(*) FROM entry"));
        Assert.False(append.IsCompleted);

        await FindStandbyAsync(server);
        await append.WithinAsync();
        Assert.Equal(2, await database.ScalarAsync<long>("SELECT count(*) FROM entry"));
    }

    private static async Task<ChatDatabase> OpenAsync(PostgresServer server)
    {
        ChatDatabase database = await ChatDatabase.CreateEmptyAsync(server);
        LostAnswerTests.Expect(database.Logs);
        database.Options.AnswerTimeout = TimeSpan.FromMilliseconds(500);
        database.Options.RefuseAfter = TimeSpan.FromMinutes(1);
        return database;
    }

    private static Task LoseStandbyAsync(PostgresServer server) => SetStandbyAsync(server, "nobody");

    private static Task FindStandbyAsync(PostgresServer server) => SetStandbyAsync(server, "");

    private static async Task SetStandbyAsync(PostgresServer server, string name)
    {
        await server.PsqlAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await server.PsqlAsync("SELECT pg_reload_conf()");
        await server.PsqlAsync(
            $"DO $$ BEGIN WHILE current_setting('synchronous_standby_names') <> '{name}' LOOP PERFORM pg_sleep(0.01); END LOOP; END $$");
    }

    /// <summary>Cancels what waits for the standby, once something does.</summary>
    /// <param name="process">Only this process; 0 for any that is not the superuser's own.</param>
    private static async Task BreakOffWaitsAsync(ChatDatabase database, int process = 0)
    {
        const string Cancel = """
            SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
            WHERE wait_event = 'SyncRep' AND (pid = {0} OR ({0} = 0 AND query LIKE '%log_append%'))
            """;
        string cancel = string.Format(System.Globalization.CultureInfo.InvariantCulture, Cancel, process);
        long cancelled = 0;
        for (int i = 0; i < 500 && cancelled == 0; i++)
            cancelled = await database.ScalarAsync<long>(cancel);
        Assert.True(cancelled > 0, "Nothing waits for the standby.");
    }
}

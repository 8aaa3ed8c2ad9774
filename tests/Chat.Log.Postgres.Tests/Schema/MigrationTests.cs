using ErlChat.Postgres.Connections;
using ErlChat.Postgres.Schema;

namespace ErlChat.Tests;

/// <summary>Nodes that start with the database: which of them makes the tables, and which is turned away.</summary>
public sealed class MigrationTests
{
    [Fact]
    public async Task Of_eight_nodes_that_start_at_once_with_an_empty_database_one_makes_the_tables_and_all_find_the_same_log()
    {
        await using ChatDatabase database = await ChatDatabase.CreateEmptyAsync();
        string[] epochs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MigrateAsync(database))).WithinAsync();
        Assert.Single(epochs.Distinct());
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM meta WHERE key = 'schema'"));
    }

    [Fact]
    public async Task A_program_that_is_too_old_for_the_database_is_turned_away_with_a_line_for_the_operator()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await database.ExecuteAsync("UPDATE meta SET value = '8' WHERE key IN ('schema', 'schema_readable_by')");
        DatabaseRefusedException refused =
            await Assert.ThrowsAsync<DatabaseRefusedException>(() => MigrateAsync(database).WithinAsync());
        Assert.StartsWith(
            "The database has schema version 8, which programs older than version 8 cannot use; this one knows",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_program_goes_on_with_a_newer_database_that_it_can_still_use()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await database.ExecuteAsync("UPDATE meta SET value = '8' WHERE key = 'schema'");
        Assert.NotEmpty(await MigrateAsync(database).WithinAsync());
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_alone()
    {
        await using ChatDatabase database = await ChatDatabase.CreateEmptyAsync();
        await database.ExecuteAsync("CREATE TABLE entry (id int)");
        await Assert.ThrowsAsync<DatabaseRefusedException>(() => MigrateAsync(database).WithinAsync());
        Assert.False(await database.ScalarAsync<bool>("SELECT to_regclass('meta') IS NOT NULL"));
    }

    private static async Task<string> MigrateAsync(ChatDatabase database)
    {
        using PrimaryConnection connection = await database.AddNode().Primary.OpenAsync(CancellationToken.None);
        return await Migrations.RunAsync(connection.Connection, TimeProvider.System, CancellationToken.None);
    }
}

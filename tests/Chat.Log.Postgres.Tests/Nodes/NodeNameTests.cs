using ErlChat.Postgres.Nodes;

namespace ErlChat.Tests;

/// <summary>Who may start: names and cookies.</summary>
public sealed class NodeNameTests
{
    [Fact]
    public async Task A_second_node_with_the_name_of_a_living_one_does_not_start()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var one = new NodeRun(database, "n1");
        await using var twin = new NodeRun(database, "n1");
        await one.StartAsync();
        NodeRefusedException refused = await Assert.ThrowsAsync<NodeRefusedException>(twin.StartAsync);
        Assert.Equal(
            $"A living node is named 'n1' already (version 0.1.0, address http://{one.Origin}). Set another Node:Name.",
            refused.Message);
        Assert.Null(one.Lost);

        // After a proper stop the name is free at once.
        await one.StopAsync();
        await using var heir = new NodeRun(database, "n1", TimeSpan.FromMinutes(1));
        await heir.StartAsync();
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM node"));
    }

    [Fact]
    public async Task A_new_run_takes_the_name_of_a_frozen_one_which_stops_when_it_wakes()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        database.Logs.Expect("NodeNameLost");
        await using var one = new NodeRun(database, "n1");
        await one.StartAsync();
        one.Freeze();
        await using var heir = new NodeRun(database, "n1");
        await heir.StartAsync();
        Assert.Single(database.Logs.Of("WaitingForLease"));
        Assert.True(await database.ScalarAsync<bool>($"SELECT closed FROM node WHERE origin = '{one.Origin}'"));
        one.Thaw();
        await Eventually.BeTrueAsync(() => one.Lost is not null);
        Assert.StartsWith("Another run of node n1 has started", one.Lost, StringComparison.Ordinal);
        Assert.Null(heir.Lost);
        Assert.Equal("n1", heir.Alive);
    }

    [Fact]
    public async Task A_node_with_another_cookie_is_refused_while_a_node_lives_and_the_cookie_is_not_stored()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var one = new NodeRun(database, "n1");
        await using var other = new NodeRun(database, "n2", cookie: "vanilla-cream-cookie");
        await one.StartAsync();
        NodeRefusedException refused = await Assert.ThrowsAsync<NodeRefusedException>(other.StartAsync);
        Assert.StartsWith(
            "Node:Cookie is not that of this chat's nodes, and node 'n1' is alive.",
            refused.Message,
            StringComparison.Ordinal);
        Assert.Equal("n1", one.Names);
        string stored = await database.ScalarAsync<string>("SELECT value FROM meta WHERE key = 'cookie'");
        Assert.DoesNotContain("cookie", stored, StringComparison.Ordinal);
        Assert.True(CookieHash.Matches(stored, "chocolate-chip-cookie"));
        Assert.False(CookieHash.Matches(stored, "vanilla-cream-cookie"));
        Assert.NotEqual(stored, CookieHash.Create("chocolate-chip-cookie"));

        // With all nodes stopped, the cookie can be changed.
        await one.StopAsync();
        await using var changed = new NodeRun(database, "n2", cookie: "vanilla-cream-cookie");
        await changed.StartAsync();
        await using var late = new NodeRun(database, "n1");
        await Assert.ThrowsAsync<NodeRefusedException>(late.StartAsync);
    }

    [Fact]
    public async Task Of_several_nodes_that_start_at_once_with_one_name_one_gets_it()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        NodeRun[] runs = [.. Enumerable.Range(0, 6).Select(_ => new NodeRun(database, "n1"))];
        Exception?[] failures = await Task.WhenAll(runs.Select(run => Record.ExceptionAsync(run.StartAsync).AsTask())).WithinAsync();
        Assert.Single(failures, failure => failure is null);
        Assert.Equal(5, failures.Count(failure => failure is NodeRefusedException));
        foreach (NodeRun run in runs)
            await run.DisposeAsync();
    }
}

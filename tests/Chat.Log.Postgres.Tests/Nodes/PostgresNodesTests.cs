using System.Collections.Concurrent;
using ErlChat.Nodes;
using ErlChat.Sessions;
using Npgsql;

namespace ErlChat.Tests;

/// <summary>
/// Nodes that share a database, and what they know about each other. Their heartbeats are twenty times as quick as usual.
/// </summary>
public sealed class PostgresNodesTests
{
    [Fact]
    public async Task Nodes_see_each_other_and_one_that_stops_is_gone_at_once()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var one = new NodeRun(database, "n1");
        await using var two = new NodeRun(database, "n2") { Applied = 7 };
        await one.StartAsync();
        await two.StartAsync();
        await Eventually.BeTrueAsync(() => one.Names == "n1 n2" && one.Nodes.All[1].Applied == 7 && two.Names == "n2 n1");
        NodeView view = one.Nodes.All[1];
        Assert.Equal(("0.1.0", $"http://{two.Origin}", 7, 3, 4), (view.Version, view.Address, view.Applied, view.Sessions, view.Parked));
        Assert.False(one.Nodes.IsDead("n2"));

        // A node that nobody knows may have started a moment ago.
        Assert.False(one.Nodes.IsDead("n3"));
        await Eventually.BeTrueAsync(() => one.Nodes.IsDead("n3"));
        await two.StopAsync();
        await Eventually.BeTrueAsync(() => one.Names == "n1");

        // Its clients have as long to come to another node as those of a node that is killed.
        Assert.False(one.Nodes.IsDead("n2"));
        await Eventually.BeTrueAsync(() => one.Nodes.IsDead("n2"));
    }

    [Fact]
    public async Task A_node_that_shows_no_sign_of_life_is_soon_not_listed_as_alive_and_is_then_given_up()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var one = new NodeRun(database, "n1");
        await using var two = new NodeRun(database, "n2");
        await one.StartAsync();
        await two.StartAsync();
        await Eventually.BeTrueAsync(() => one.Names == "n1 n2");
        two.Freeze();
        await Eventually.BeTrueAsync(() => one.Alive == "n1");
        Assert.Equal("n1 n2", one.Names);
        await Eventually.BeTrueAsync(() => one.Nodes.IsDead("n2"));
        Assert.Single(database.Logs.Of("NodeDeclaredDead"));
        Assert.True(await database.ScalarAsync<bool>($"SELECT closed FROM node WHERE origin = '{two.Origin}'"));

        // It comes back by itself.
        two.Thaw();
        await Eventually.BeTrueAsync(() => !one.Nodes.IsDead("n2") && one.Alive == "n1 n2" && two.Alive == "n2 n1");
        Assert.Single(database.Logs.Of("NodeResumed"));
        Assert.Null(two.Lost);
    }

    [Fact]
    public async Task The_lag_is_the_age_of_the_oldest_entry_that_a_node_has_not_applied()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await database.ExecuteAsync("""
            INSERT INTO entry SELECT i, 'x', i, 'told', ((extract(epoch FROM now()) - 100 + 10 * i) * 10000000)::bigint, '{}'
            FROM generate_series(1, 3) AS i
            """);
        await using var behind = new NodeRun(database, "n1") { Applied = 1 };
        await using var ahead = new NodeRun(database, "n2") { Applied = 3 };
        await behind.StartAsync();
        await ahead.StartAsync();
        Assert.InRange(behind.Nodes.All[0].Lag.TotalSeconds, 80, 85);
        Assert.Equal(TimeSpan.Zero, ahead.Nodes.All[0].Lag);
    }

    [Fact]
    public async Task A_password_tried_on_one_node_is_heard_of_once_on_every_other()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var one = new NodeRun(database, "n1");
        await using var two = new NodeRun(database, "n2");
        var heard = new ConcurrentQueue<string>();
        one.Tries.Heard += session => heard.Enqueue("n1 " + session);
        two.Tries.Heard += session => heard.Enqueue("n2 " + session);
        SessionKey alice = SessionKey.Of("alice");
        SessionKey bob = SessionKey.Of("bob");
        await one.StartAsync();
        await two.StartAsync();
        one.Tries.Add(alice);
        one.Tries.Add(alice);
        await Eventually.BeTrueAsync(() => heard.Count == 2);
        two.Tries.Add(bob);
        await Eventually.BeTrueAsync(() => heard.Count == 3);
        Assert.Empty(one.Tries.Untold);

        // What a node that starts finds is charged there too: a restart must not give anybody more tries.
        await using var three = new NodeRun(database, "n3");
        three.Tries.Heard += session => heard.Enqueue("n3 " + session);
        await three.StartAsync();
        await one.StopAsync();
        string[] expected = [$"n1 {bob}", $"n2 {alice}", $"n2 {alice}", $"n3 {alice}", $"n3 {alice}", $"n3 {bob}"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal));
    }

    // The others' rows are old after a fail-over, and nobody is dead.
    [Fact]
    public async Task While_the_database_is_away_nobody_dies_and_nobody_leads()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var one = new NodeRun(database, "n1");
        await using var two = new NodeRun(database, "n2");
        await one.StartAsync();
        await two.StartAsync();
        await Eventually.BeTrueAsync(() => one.Alive == "n1 n2");
        await using (NpgsqlConnection holder = await database.ConnectAsync())
        {
            // Every heartbeat waits for this lock, as it would for a database that does not answer.
            await using NpgsqlTransaction transaction = await holder.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("LOCK TABLE lease", holder))
                await hold.ExecuteNonQueryAsync();
            await Eventually.BeTrueAsync(() => !one.Nodes.Leads(ElectedWork.History));
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            Assert.Equal(("n1 n2", "n2 n1"), (one.Alive, two.Alive));
            Assert.Equal((false, false), (one.Nodes.IsDead("n2"), two.Nodes.IsDead("n1")));
            Assert.False(one.Nodes.AllKnow("said"));
        }

        await Eventually.BeTrueAsync(() => one.Nodes.Leads(ElectedWork.History) || two.Nodes.Leads(ElectedWork.History));
        await Eventually.BeTrueAsync(() => (one.Alive, two.Alive) == ("n1 n2", "n2 n1"));
        Assert.Empty(database.Logs.Of("NodeDeclaredDead"));
    }
}

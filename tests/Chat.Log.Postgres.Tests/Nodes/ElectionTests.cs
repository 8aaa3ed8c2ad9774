using ErlChat.Nodes;
using ErlChat.Postgres.Nodes;
using Npgsql;

namespace ErlChat.Tests;

/// <summary>What a node may do: work under a lease, appends, and kinds of entries that not all nodes know.</summary>
public sealed class ElectionTests
{
    [Fact]
    public async Task A_frozen_holder_loses_its_leases_and_finds_out_by_the_term()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var one = new NodeRun(database, "n1");
        await using var two = new NodeRun(database, "n2");
        await one.StartAsync();
        await two.StartAsync();
        foreach (ElectedWork work in Enum.GetValues<ElectedWork>())
            Assert.Equal((true, false), (one.Nodes.Leads(work), two.Nodes.Leads(work)));
        WorkTerm first = one.Nodes.TermOf(ElectedWork.Retention)!.Value;
        Assert.True(await HoldsAsync(database, first));
        one.Freeze();

        // It stops acting by its own clock before anybody else may act.
        await Eventually.BeTrueAsync(() => two.Nodes.Leads(ElectedWork.Retention));
        Assert.False(one.Nodes.Leads(ElectedWork.Retention));
        WorkTerm second = two.Nodes.TermOf(ElectedWork.Retention)!.Value;
        Assert.Equal(first.Number + 1, second.Number);
        Assert.False(await HoldsAsync(database, first));
        Assert.True(await HoldsAsync(database, second));
        one.Thaw();
        await Eventually.BeTrueAsync(() => two.Alive == "n2 n1");
        Assert.False(one.Nodes.Leads(ElectedWork.Retention));
        Assert.True(two.Nodes.Leads(ElectedWork.Retention));

        // A node that stops gives its leases back.
        await two.StopAsync();
        await Eventually.BeTrueAsync(() => one.Nodes.Leads(ElectedWork.Retention));
        Assert.Equal(second.Number + 1, one.Nodes.TermOf(ElectedWork.Retention)!.Value.Number);
    }

    [Fact]
    public async Task A_new_kind_of_entry_is_known_to_all_only_when_the_last_old_node_is_gone_for_good()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var old = new NodeRun(database, "n1", null, "chocolate-chip-cookie", "said");
        await using var young = new NodeRun(database, "n2", null, "chocolate-chip-cookie", "said", "sang");
        Assert.False(young.Nodes.AllKnow("said"));
        await old.StartAsync();
        Assert.Equal((true, false), (old.Nodes.AllKnow("said"), old.Nodes.AllKnow("sang")));
        await young.StartAsync();
        Assert.Equal((true, false), (young.Nodes.AllKnow("said"), young.Nodes.AllKnow("sang")));

        // A node that is only silent may come back.
        old.Freeze();
        await Eventually.BeTrueAsync(() => young.Alive == "n2");
        bool areKnown = young.Nodes.AllKnow("sang");
        Assert.True(!areKnown || young.Nodes.IsDead("n1"));
        await Eventually.BeTrueAsync(() => young.Nodes.AllKnow("sang"));
        Assert.True(young.Nodes.IsDead("n1"));
        old.Thaw();
        await Eventually.BeTrueAsync(() => !young.Nodes.AllKnow("sang"));
        await old.StopAsync();
        await Eventually.BeTrueAsync(() => young.Nodes.AllKnow("sang"));
    }

    [Fact]
    public async Task A_node_declared_dead_can_append_nothing_more_until_it_is_back()
    {
        await using ChatDatabase database = await ChatDatabase.CreateAsync();
        await using var one = new NodeRun(database, "n1");
        await using var two = new NodeRun(database, "n2");
        await one.StartAsync();
        await two.StartAsync();
        two.Freeze();
        await Eventually.BeTrueAsync(() => one.Nodes.IsDead("n2"));
        string append = $"SELECT log_append('{two.Origin}', null, null, ARRAY[1::bigint], ARRAY['told'], ARRAY[0::bigint], ARRAY['x'])";
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(append));
        Assert.Equal("EL002", refused.SqlState);
        two.Thaw();
        await Eventually.BeTrueAsync(() => !one.Nodes.IsDead("n2"));
        await database.ExecuteAsync(append);
    }

    private static async Task<bool> HoldsAsync(ChatDatabase database, WorkTerm term)
    {
        await using NpgsqlConnection connection = await database.ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT " + WorkTerm.Condition(1), connection);
        term.AddTo(command);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}

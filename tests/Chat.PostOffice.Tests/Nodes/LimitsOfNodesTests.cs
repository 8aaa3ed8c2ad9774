using ErlChat.Limits;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Rooms;

namespace ErlChat.Tests;

/// <summary>Limits of people over several nodes: nobody gets more by using them all.</summary>
public class LimitsOfNodesTests
{
    private const int Nodes = 3;

    /// <summary>How many messages a session may send at once, by default.</summary>
    private const int Burst = 10;

    [Fact]
    public async Task A_session_that_uses_all_nodes_may_send_as_many_messages_as_on_one()
    {
        await using Cluster cluster = await StartAsync();
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        for (int i = 0; i < Burst; i++)
        {
            Assert.IsType<Accepted>(await cluster[i % Nodes].SayAsync(bob, "words"));
            await cluster.AppliedAsync();
        }

        // A tenth of the window brings the next message back, on whichever node.
        for (int node = 0; node < Nodes; node++)
            Assert.Equal(TimeSpan.FromSeconds(0.3), WaitOf(await cluster[node].SayAsync(bob, "words")));
        cluster.Clock.Advance(TimeSpan.FromSeconds(0.3));
        Assert.IsType<Accepted>(await cluster[1].SayAsync(bob, "words"));
        await cluster.AppliedAsync();
        Assert.Equal(TimeSpan.FromSeconds(0.3), WaitOf(await cluster[2].SayAsync(bob, "words")));
    }

    [Fact]
    public async Task What_a_session_got_before_the_nodes_had_heard_of_each_other_is_owed()
    {
        await using Cluster cluster = await StartAsync();
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        for (int node = 0; node < Nodes; node++)
            cluster.LogOf(node).Hold();
        Task<Outcome?>[] burst = [.. Enumerable.Range(0, Nodes * Burst).Select(i => cluster[i % Nodes].SayAsync(bob, "words"))];
        for (int node = 0; node < Nodes; node++)
            cluster.LogOf(node).Release();
        Assert.All(await Task.WhenAll(burst).WithinAsync(), one => Assert.IsType<Accepted>(one));
        await cluster.AppliedAsync();

        // Two more bursts have to be refilled first: three seconds each.
        for (int node = 0; node < Nodes; node++)
            Assert.Equal(TimeSpan.FromSeconds(6.3), WaitOf(await cluster[node].SayAsync(bob, "words")));
    }

    [Fact]
    public async Task What_has_been_refilled_by_the_time_a_node_hears_of_it_is_not_charged()
    {
        await using Cluster cluster = await StartAsync();
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        cluster.LogOf(1).Hold();
        for (int i = 0; i < Burst; i++)
            Assert.IsType<Accepted>(await cluster[0].SayAsync(bob, "words"));
        cluster.Clock.Advance(TimeSpan.FromSeconds(3));
        cluster.LogOf(1).Release();
        await cluster.AppliedAsync();
        for (int i = 0; i < Burst; i++)
            Assert.IsType<Accepted>(await cluster[1].SayAsync(bob, "words"));
    }

    [Fact]
    public async Task Commands_count_too_and_so_does_entering_a_room()
    {
        await using Cluster cluster = await StartAsync();
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        foreach (string command in (string[])["/help", "/join den", "/topic words", "/leave den", "/nodes"])
            Assert.Null(await cluster[0].SayAsync(bob, command));
        await cluster.AppliedAsync();
        for (int i = 5; i < Burst; i++)
            Assert.IsType<Accepted>(await cluster[1].SayAsync(bob, "words"));
        Assert.NotNull(WaitOf(await cluster[1].SayAsync(bob, "words")));
    }

    [Fact]
    public async Task An_address_has_one_budget_of_messages_and_one_of_logins_on_all_nodes()
    {
        await using Cluster cluster = await StartAsync();
        LimitOptions limits = new();
        int said = 0;
        for (int i = 0; i < limits.Logins.Address.Count; i++)
        {
            TestSession one = await cluster[i % Nodes].LoginAsync($"user{i}");
            for (int k = 0; k < Burst; k++)
                said += await one.SubmitAsync("words") is Accepted ? 1 : 0;
            await cluster[i % Nodes].Room.LeaveAsync(one.Key);
            await cluster.AppliedAsync();
        }

        Assert.Equal(limits.Messages.Address.Count, said);
        for (int node = 0; node < Nodes; node++)
        {
            JoinResult refused = await cluster[node].Room.JoinAsync(new JoinRequest("more", "192.0.2.1"));
            Assert.Equal(new Refused(Refusal.RateLimited, TimeSpan.FromSeconds(3)), refused.Outcome);
            await cluster[node].LoginAsync($"other{node}", "192.0.2.2");
        }
    }

    // What protects the node itself is counted by each node: another node's crowd must not keep this node's users from talking.
    [Fact]
    public async Task The_limits_of_the_server_are_each_nodes_own()
    {
        LimitOptions limits = new();
        (limits.Messages.Server.Count, limits.Messages.Server.Window) = (4, TimeSpan.FromSeconds(4));
        await using Cluster cluster = await StartAsync(limits);
        for (int node = 0; node < Nodes; node++)
        {
            TestSession one = await cluster[node].LoginAsync($"user{node}");
            for (int i = 0; i < 4; i++)
                Assert.IsType<Accepted>(await one.SubmitAsync("words"));
            Assert.NotNull(WaitOf(await one.SubmitAsync("words")));
            await cluster.AppliedAsync();
        }
    }

    // The clock stands still: nothing waits for a timer, so this takes as long as a node needs to hear of an entry.
    [Fact]
    public async Task A_kick_and_a_ban_take_effect_on_every_node_at_once()
    {
        await using Cluster cluster = await StartAsync();
        TestSession admin = await cluster[0].LoginAdminAsync("boss");
        TestSession kicked = await cluster[1].LoginAsync("kicked", "192.0.2.3");
        TestSession banned = await cluster[2].LoginAsync("banned", "192.0.2.4");
        await cluster.AppliedAsync();
        Task<MailRead>[] parked = [cluster.ParkAsync(2, kicked), cluster.ParkAsync(1, kicked), cluster.ParkAsync(0, banned)];
        await admin.SubmitAsync("/admin kick kicked out");
        await admin.SubmitAsync("/admin ban banned out 60");
        await Task.WhenAll(parked).WithinAsync();
        await cluster.AppliedAsync();
        for (int node = 0; node < Nodes; node++)
        {
            Assert.Equal(new Refused(Refusal.BadSession), await cluster[node].SayAsync(kicked, "words"));
            Assert.Equal(new Refused(Refusal.BadSession), await cluster[node].SayAsync(banned, "words"));
            var refused = Assert.IsType<Refused>(
                (await cluster[node].Room.JoinAsync(new JoinRequest($"again{node}", "192.0.2.4"))).Outcome);
            Assert.Equal(Refusal.HostBanned, refused.Why);
        }
    }

    private static Task<Cluster> StartAsync(LimitOptions? limits = null) => Cluster.StartAsync(
        Nodes,
        change: builder => builder.WithLimits(limits ?? new LimitOptions()).With(options => options.RateLimitCount = Burst));

    private static TimeSpan? WaitOf(Outcome? outcome) =>
        outcome is Refused { Why: Refusal.RateLimited } refused ? refused.Wait : null;
}

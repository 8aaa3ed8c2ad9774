using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Idle sessions in a chat of several nodes.</summary>
public class HomeEvictionTests
{
    [Fact]
    public async Task Only_the_home_ends_an_idle_session()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession idle = await cluster[1].LoginAsync("idle");
        await cluster.AppliedAsync();
        await homes.PassAsync(cluster[0].Options.IdleLimit + TimeSpan.FromSeconds(10));
        await Eventually.BeTrueAsync(() => homes[1].Evicted == 1);
        Assert.Equal(0, homes[0].Evicted);
        Left left = Assert.IsType<Left>(cluster.Log.Entries[^1].Entry);
        Assert.Equal((CloseReason.Timeout, cluster.Log.Entries[0].Sequence), (left.Reason, left.ServedSince));
        await cluster.AppliedAsync();
        Assert.Null(cluster[0].Room.Find(idle.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Users_go_offline_and_come_back_on_any_node_but_not_while_an_older_node_lives(bool hasOldNode)
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        foreach (int node in (int[])[0, 1])
            cluster.NodesOf(node).HasOldNode = hasOldNode;
        TestSession bob = await cluster[1].LoginAsync("bob", keeps: true);
        await cluster.AppliedAsync();
        bob.Box.Touch();
        await homes.PassAsync(cluster[0].Options.IdleLimit + TimeSpan.FromSeconds(10));
        if (hasOldNode)
        {
            // The user stays online until the old node has gone.
            Assert.Single(cluster.Log.Entries);
            foreach (int node in (int[])[0, 1])
                cluster.NodesOf(node).HasOldNode = false;
            await homes.PassAsync(TimeSpan.FromSeconds(20));
        }

        await Eventually.BeTrueAsync(() => homes[1].Evicted == 1);
        await cluster.AppliedAsync();
        Assert.Equal(cluster.Log.Entries[0].Sequence, Assert.IsType<WentOffline>(cluster.Log.Entries[^1].Entry).ServedSince);
        Assert.All((int[])[0, 1], node => Assert.True(cluster[node].Room.IsOffline(bob.Key)));

        // The node to which the user comes back is the session's home from then on.
        Assert.Null(await cluster[0].Room.ReturnAsync(bob.Key, CancellationToken.None));
        await cluster.AppliedAsync();
        Assert.All((int[])[0, 1], node => Assert.False(cluster[node].Room.IsOffline(bob.Key)));
        Assert.Equal("node-0", cluster.HomeOf(bob.Key));
    }

    // The elected node has never seen a call of the session, which tells it nothing.
    [Fact]
    public async Task Users_of_a_dead_node_go_offline()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[1].LoginAsync("bob", keeps: true);
        await cluster.AppliedAsync();
        bob.Box.Touch();
        Kill(cluster, 1);
        cluster.Bury(1);
        await homes.PassAsync(cluster[0].Options.IdleLimit * 3);
        await Eventually.BeTrueAsync(() => homes[0].Evicted == 1);
        Assert.IsType<WentOffline>(cluster.Log.Entries[^1].Entry);
        Assert.False(cluster[0].Room.Find(bob.Key)!.IsOnline);
    }

    // Invariant 6, on any node.
    [Fact]
    public async Task A_session_with_a_poll_parked_anywhere_is_not_idle()
    {
        await using Cluster cluster = await Cluster.StartAsync(3);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        await homes.PassAsync(TimeSpan.FromSeconds(1));
        Task<MailRead> poll = cluster.ParkAsync(2, bob);
        await homes.PassAsync(cluster[0].Options.IdleLimit * 2);
        Assert.NotNull(cluster[0].Room.Find(bob.Key));
        Assert.False(poll.IsCompleted);
        cluster[2].Office.StopAdmitting();
        await poll.WithinAsync();
    }

    [Fact]
    public async Task A_session_of_a_dead_node_is_adopted_at_once_by_the_node_that_serves_it()
    {
        await using Cluster cluster = await Cluster.StartAsync(3);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[2].LoginAsync("bob");
        await cluster.AppliedAsync();
        await homes.PassAsync(TimeSpan.FromSeconds(1));
        Task<MailRead> poll = cluster.ParkAsync(1, bob);
        cluster.Bury(2);
        await homes.PassAsync(cluster[0].Options.CheckIdle * 2);
        await Eventually.BeTrueAsync(() => cluster.HomeOf(bob.Key) == "node-1");
        cluster[1].Office.StopAdmitting();
        await poll.WithinAsync();
    }

    [Fact]
    public async Task The_leader_ends_the_sessions_of_a_dead_node_that_nobody_adopts()
    {
        await using Cluster cluster = await Cluster.StartAsync(3);
        Homes homes = await Homes.SweepAsync(cluster);
        await cluster[2].LoginAsync("bob");
        await cluster.AppliedAsync();
        Kill(cluster, 2);
        TimeSpan limit = cluster[0].Options.IdleLimit;
        await homes.PassAsync(limit);
        cluster.Bury(2);
        await homes.PassAsync(limit - TimeSpan.FromSeconds(10));
        Assert.Equal(1, cluster[0].Room.SessionCount);
        await homes.PassAsync(TimeSpan.FromSeconds(20));
        await Eventually.BeTrueAsync(() => homes[0].Evicted == 1);
        Assert.Equal(0, homes[1].Evicted);
    }

    // Its client's only connection led to the dead node.
    [Fact]
    public async Task A_flack_session_ends_with_its_node()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession flack = cluster[1].SessionOf(
            await cluster[1].Room.JoinAsync(new JoinRequest(null, "192.0.2.1") { Name = "flack", Home = null }).WithinAsync());
        await cluster[1].Room.EnterAsync(flack.Key, "lobby").WithinAsync();
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        Kill(cluster, 1);
        Task<MailRead> poll = bob.PollAsync(TimeSpan.FromHours(1));
        await homes.PassAsync(TimeSpan.FromSeconds(20));
        Assert.False(poll.IsCompleted);
        cluster.Bury(1);
        await homes.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(
            new UserLeft(["lobby"], flack.Who, "timeout", Gone: true),
            Assert.Single((await poll.WithinAsync()).Mail).Content,
            Plain.Same);
        await Eventually.BeTrueAsync(() => homes[0].Evicted == 1);
    }

    // The log of a chat that had one unnamed node, or a log that was imported.
    [Fact]
    public async Task A_session_without_a_home_is_adopted_or_ended_by_the_leader()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        string[] nicks = ["used", "idle"];
        for (int i = 0; i < nicks.Length; i++)
        {
            Joined old = Fold.Joining(nicks[i]) with { Id = new CommandId("old", i + 1), At = cluster.Time.GetUtcNow() };
            await cluster.LogOf(0).AppendAsync(old, CancellationToken.None);
        }

        await cluster.AppliedAsync();
        SessionKey used = Fold.Joining("used").Session;
        await homes.PassAsync(cluster[0].Options.IdleLimit / 2);
        cluster[1].Office.Find(used)!.Touch();
        await homes.PassAsync(TimeSpan.FromSeconds(10));
        await Eventually.BeTrueAsync(() => cluster.HomeOf(used) == "node-1");
        await homes.PassAsync(cluster[0].Options.IdleLimit / 2);
        await Eventually.BeTrueAsync(() => homes[0].Evicted == 1);
        Assert.NotNull(cluster[0].Room.Find(used));
    }

    // Node 1 serves the session, but could not say so. The home must not end it at the moment when the log is back.
    [Fact]
    public async Task After_an_outage_of_the_log_nodes_first_take_over_what_they_serve()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        await homes.PassAsync(TimeSpan.FromSeconds(1));
        Task<MailRead> poll = cluster.ParkAsync(1, bob);
        (cluster.LogOf(0).IsAvailable, cluster.LogOf(1).IsAvailable) = (false, false);
        await homes.PassAsync(cluster[0].Options.IdleLimit * 2);
        (cluster.LogOf(0).IsAvailable, cluster.LogOf(1).IsAvailable) = (true, true);
        await homes.PassAsync(cluster[0].Options.IdleLimit);
        Assert.Equal("node-1", cluster.HomeOf(bob.Key));
        cluster[1].Office.StopAdmitting();
        await poll.WithinAsync();
    }

    // With rare sweeps, a session that another node served was not taken over in time.
    [Fact]
    public async Task Sessions_move_in_time_whatever_the_period_of_the_idle_check()
    {
        await using Cluster cluster = await Cluster.StartAsync(
            2,
            change: builder => builder.With(options =>
                (options.CheckIdle, options.IdleLimit) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(100))));
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        await homes.PassAsync(TimeSpan.FromSeconds(95));
        Task<MailRead> poll = cluster.ParkAsync(1, bob);
        await homes.PassAsync(TimeSpan.FromSeconds(100));
        Assert.Equal("node-1", cluster.HomeOf(bob.Key));
        cluster[1].Office.StopAdmitting();
        await poll.WithinAsync();
    }

    /// <summary>
    /// The home decides that a session is idle while other nodes take it over, in every order. A session that has been taken over is not
    /// ended by what the old home believed.
    /// </summary>
    [Fact]
    public Task An_eviction_that_races_with_a_move_ends_no_session_that_has_moved() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        await using Cluster cluster = await Cluster.StartAsync(3, TimeProvider.System);
        for (int round = 0; round < 40; round++)
        {
            TestSession bob = await cluster[0].LoginAsync($"bob{round}");
            await cluster.AppliedAsync();
            long since = cluster.Log.Newest;
            using var barrier = new Barrier(3);
            Task<Outcome>[] acts =
            [
                RunAsync(() => cluster[0].Room.EvictAsync(bob.Key, since)),
                RunAsync(() => cluster[1].Room.ServeAsync(bob.Key, "node-1", since)),
                RunAsync(() => cluster[2].Room.ServeAsync(bob.Key, "node-2", since)),
            ];
            Outcome[] outcomes = await Task.WhenAll(acts).WithinAsync();
            await cluster.AppliedAsync();
            Assert.Single(outcomes, outcome => outcome is Accepted);
            bool isEnded = outcomes[0] is Accepted;
            Assert.All(Enumerable.Range(0, 3), node => Assert.Equal(isEnded, cluster[node].Room.Find(bob.Key) is null));
            Assert.All(Enumerable.Range(0, 3), node => Assert.Equal(isEnded, cluster[node].Office.Find(bob.Key)!.IsClosed));
            Assert.All(outcomes.Skip(1), outcome => Assert.True(
                isEnded ? outcome is Refused { Why: Refusal.BadSession } : outcome is Accepted or MovedOn));

            Task<Outcome> RunAsync(Func<Task<Outcome>> act)
            {
                int spins = random.Next(2000);
                return Task.Factory.StartNew(
                    () =>
                    {
                        barrier.SignalAndWait();
                        Thread.SpinWait(spins);
                        return act();
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default).Unwrap();
            }
        }
    });

    /// <summary>Cuts a node off: it neither reads nor appends.</summary>
    private static void Kill(Cluster cluster, int node)
    {
        cluster.LogOf(node).Hold();
        cluster.LogOf(node).IsAvailable = false;
    }
}

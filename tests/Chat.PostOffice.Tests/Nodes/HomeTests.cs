using ErlChat.Log;
using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Tests;

/// <summary>Which node serves a session, and when that changes.</summary>
public class HomeTests
{
    private static readonly TimeSpan s_third = TimeSpan.FromSeconds(160) / 3 + TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_session_is_at_home_where_it_logged_in()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession bob = await cluster[1].LoginAsync("bob");
        await cluster.AppliedAsync();
        Assert.Equal(("node-1", "node-1"), (cluster.HomeOf(bob.Key, 0), cluster.HomeOf(bob.Key, 1)));
        Assert.Equal("node-1", Assert.IsType<Joined>(Assert.Single(cluster.Log.Entries).Entry).ServedBy);
    }

    // Everything as before in a chat with one unnamed node.
    [Fact]
    public async Task An_unnamed_node_writes_nothing_about_nodes()
    {
        var log = new SharedLog();
        await using TestChat chat = await new TestChatBuilder().WithLog(log.View()).StartAsync();
        await chat.StartEvictionAsync();
        await Eventually.BeTrueAsync(() => chat.Clock.Timers == 1);
        TestSession idle = await chat.LoginAsync("idle");
        chat.Clock.Advance(chat.Options.IdleLimit + chat.Options.CheckIdle);
        await Eventually.BeTrueAsync(() => chat.Room.SessionCount == 0);
        Entry[] entries = [.. log.Entries.Select(one => one.Entry)];
        Assert.Null(Assert.IsType<Joined>(entries[0]).ServedBy);
        Assert.Null(Assert.IsType<Left>(entries[1]).ServedSince);
        Assert.Equal(2, entries.Length);
        Assert.Null(idle.Box.Home);
    }

    [Fact]
    public async Task A_session_moves_to_the_node_that_serves_it_but_not_at_once()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        await homes.PassAsync(TimeSpan.FromSeconds(1));
        Task<MailRead> poll = cluster.ParkAsync(1, bob);
        await homes.PassAsync(TimeSpan.FromSeconds(40));
        Assert.Equal("node-0", cluster.HomeOf(bob.Key));
        await homes.PassAsync(s_third);
        await Eventually.BeTrueAsync(() => cluster.HomeOf(bob.Key) == "node-1");
        Assert.Single(cluster.Log.Entries, one => one.Entry is Moved { Node: "node-1" });
        cluster[1].Office.StopAdmitting();
        await poll.WithinAsync();
    }

    // Regression of this test: it counted entries. Two nodes that look at the same moment both write one, and the second has no effect.
    [Fact]
    public async Task A_session_that_uses_all_nodes_in_turn_moves_once_in_a_third_of_the_idle_limit()
    {
        await using Cluster cluster = await Cluster.StartAsync(3);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        TimeSpan limit = cluster[0].Options.IdleLimit;
        TimeSpan poll = TimeSpan.FromSeconds(4);
        int polls = (int)(limit * 6 / poll);
        for (int i = 0; i < polls; i++)
        {
            await homes.PassAsync(poll);
            Assert.Equal(MailStatus.Timeout, (await cluster.ReadAsync(i % 3, bob)).Status);
        }

        Assert.NotNull(cluster[0].Room.Find(bob.Key));
        long moves = Enumerable.Range(0, cluster.Count).Sum(node => homes[node].Taken);
        Assert.InRange(moves, 6, 18);
        Assert.InRange(cluster.Log.Entries.Count(one => one.Entry is Moved), moves, moves * (cluster.Count - 1));
        Assert.All(cluster.Log.Entries.Skip(1), one => Assert.IsType<Moved>(one.Entry));
    }

    [Fact]
    public async Task A_read_appends_nothing()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await cluster.ReadAsync(1, bob);
        cluster[1].Room.StartReading(cluster[1].Office.Find(bob.Key)!);
        await cluster[1].Room.ListAsync(cluster[1].Office.Find(bob.Key)!).WithinAsync();
        Assert.Single(cluster.Log.Entries);
    }

    // An older node would stop at an entry of a kind that it does not know.
    [Fact]
    public async Task Nothing_moves_while_an_older_node_lives()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        await homes.PassAsync(TimeSpan.FromSeconds(1));
        Task<MailRead> poll = cluster.ParkAsync(1, bob);
        cluster.NodesOf(1).HasOldNode = true;
        await homes.PassAsync(s_third);
        Assert.Single(cluster.Log.Entries);
        cluster.NodesOf(1).HasOldNode = false;
        await homes.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("node-1", cluster.HomeOf(bob.Key));
        cluster[1].Office.StopAdmitting();
        await poll.WithinAsync();
    }

    // Whatever asks for it: the check is in the one place that appends.
    [Fact]
    public async Task No_command_writes_a_kind_of_entry_that_an_older_node_does_not_know()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        cluster.NodesOf(1).HasOldNode = true;
        Assert.Equal(new Refused(Refusal.Unavailable), await cluster[1].Room.ServeAsync(bob.Key, "node-1", bob.Cursor - 1));
        Assert.IsType<Accepted>(await cluster[1].SayAsync(bob, "words"));
        cluster.NodesOf(1).HasOldNode = false;
        Assert.IsType<Accepted>(await cluster[1].Room.ServeAsync(bob.Key, "node-1", bob.Cursor - 1));
        Assert.Single(cluster[1].Logs.Of("KindRefused"));
    }

    // Two nodes see at the same time that they serve a session of a third. The second entry is refused, because it is about the past.
    [Fact]
    public void Only_the_first_of_two_nodes_takes_a_session_over()
    {
        var fold = new Fold();
        SessionKey bob = Join(fold, "node-0");
        Session session = fold.State.Sessions[bob];
        Assert.Equal(("node-0", fold.Sequence), (session.ServedBy, session.ServedSince));
        long before = session.ServedSince;
        fold.Accepted(new Moved(bob, "node-1", before));
        Assert.Equal(new Posting.Serve(bob, "node-1", fold.Sequence, EndsWithNode: false), fold.Posted<Posting.Serve>());
        Assert.IsType<MovedOn>(fold.Apply(new Moved(bob, "node-2", before)));
        Assert.Empty(fold.Postings);
        Assert.Equal("node-1", session.ServedBy);
    }

    [Fact]
    public void An_idle_session_is_not_ended_after_it_has_moved()
    {
        var fold = new Fold();
        SessionKey bob = Join(fold, "node-0");
        long before = fold.Sequence;
        fold.Accepted(new Moved(bob, "node-1", before));
        Assert.IsType<MovedOn>(fold.Apply(new Left(bob, CloseReason.Timeout) { ServedSince = before }));
        Assert.Contains(bob, fold.State.Sessions.Keys);

        // A logout counts in any case.
        fold.Accepted(new Left(bob, CloseReason.Left));
        Assert.Empty(fold.State.Sessions);
    }

    [Fact]
    public void A_snapshot_keeps_the_home()
    {
        var fold = new Fold();
        SessionKey bob = Join(fold, "node-0");
        Session session = ChatState.Restore(fold.State.Capture()).Sessions[bob];
        Assert.Equal(("node-0", fold.Sequence), (session.ServedBy, session.ServedSince));
    }

    private static SessionKey Join(Fold fold, string node)
    {
        Joined joining = Fold.Joining("bob") with { ServedBy = node };
        Assert.IsType<JoinAccepted>(fold.Apply(joining));
        return joining.Session;
    }
}

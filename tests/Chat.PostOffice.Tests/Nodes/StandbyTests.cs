using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Settings;

namespace ErlChat.Tests;

/// <summary>Mailboxes on nodes where nobody reads them, by themselves: without the recent mail of all sessions.</summary>
public class StandbyTests
{
    private const int Kept = 8;

    [Fact]
    public async Task A_node_that_does_not_serve_a_session_keeps_only_its_newest_mail()
    {
        await using Cluster cluster = await StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob");
        long[] said = await SayAsync(cluster, bob, 100);
        Assert.Equal(said, await SequencesAsync(cluster, 0, bob, said[0]));
        Assert.Equal(MailStatus.Resync, (await cluster.ReadAsync(1, bob, said[^(Kept + 1)])).Status);
        Assert.Equal(said[^Kept..], await SequencesAsync(cluster, 1, bob, said[^Kept]));
    }

    [Fact]
    public async Task A_mailbox_grows_to_its_usual_limits_when_a_reader_comes()
    {
        await using Cluster cluster = await StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await SayAsync(cluster, bob, 20);
        await cluster.ReadAsync(1, bob, cluster.Log.Newest + 1);
        long[] said = await SayAsync(cluster, bob, 100);
        Assert.Equal(said, await SequencesAsync(cluster, 1, bob, said[0]));
    }

    [Fact]
    public async Task A_mailbox_shrinks_again_when_its_reader_has_been_elsewhere_for_the_idle_limit()
    {
        await using Cluster cluster = await StartAsync(2);
        Homes homes = await Homes.SweepAsync(cluster);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        await cluster.ReadAsync(1, bob, cluster.Log.Newest + 1);
        long[] said = await SayAsync(cluster, bob, 100);
        Task<MailRead> poll = cluster[0].Office.Find(bob.Key)!
            .ReadAsync(said[^1] + 1, true, TimeSpan.FromHours(1), CancellationToken.None).AsTask();
        await homes.PassAsync(cluster[0].Options.IdleLimit - TimeSpan.FromSeconds(5));
        Assert.Equal(0, cluster[1].Office.Find(bob.Key)!.Standby);
        await homes.PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(Kept, cluster[1].Office.Find(bob.Key)!.Standby);
        cluster[0].Office.StopAdmitting();
        await poll.WithinAsync();
    }

    [Fact]
    public async Task A_mailbox_that_holds_less_than_that_is_not_enlarged()
    {
        await using Cluster cluster = await StartAsync(2, options => options.MaxMailboxItems = 5);
        TestSession bob = await cluster[0].LoginAsync("bob");
        long[] said = await SayAsync(cluster, bob, 20);
        Assert.Equal(MailStatus.Resync, (await cluster.ReadAsync(1, bob, said[^6])).Status);
        Assert.Equal(said[^5..], await SequencesAsync(cluster, 1, bob, said[^5]));
    }

    // A node that starts has everything that its sessions need, and not more for those of the others.
    [Fact]
    public async Task A_new_node_serves_the_sessions_of_the_others()
    {
        await using Cluster cluster = await StartAsync(1);
        TestSession bob = await cluster[0].LoginAsync("bob");
        long[] said = await SayAsync(cluster, bob, 40);
        await cluster.AddAsync(Alone);
        Assert.Equal("node-0", cluster.HomeOf(bob.Key, 1));
        Assert.Equal(MailStatus.Resync, (await cluster.ReadAsync(1, bob, said[0])).Status);
        Assert.Equal(said[^Kept..], await SequencesAsync(cluster, 1, bob, said[^Kept]));
    }

    private static Task<Cluster> StartAsync(int count, Action<ChatOptions>? change = null) =>
        Cluster.StartAsync(count, change: builder => Alone(builder.With(change ?? (_ => { }))));

    private static void Alone(TestChatBuilder builder) => builder.With(options => options.RecentMailItems = 0);

    /// <summary>Says something a number of times. Returns the positions.</summary>
    private static async Task<long[]> SayAsync(Cluster cluster, TestSession session, int times)
    {
        var said = new long[times];
        for (int i = 0; i < times; i++)
            said[i] = Assert.IsType<Accepted>(await session.SubmitAsync("words")).Sequence;
        await cluster.AppliedAsync();
        return said;
    }

    private static async Task<IEnumerable<long>> SequencesAsync(Cluster cluster, int node, TestSession session, long cursor) =>
        (await cluster.ReadAsync(node, session, cursor)).Mail.Select(mail => mail.Sequence);
}

using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Rooms;

namespace ErlChat.Tests;

/// <summary>Clients that come from another node, with a position that their small mailbox here no longer holds.</summary>
public class RecentMailTests
{
    // Fifty messages a second for ten seconds, with the default settings.
    [Fact]
    public async Task A_client_that_changes_nodes_in_a_busy_room_goes_on_without_a_gap()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob");
        TestSession alice = await cluster[1].LoginAsync("alice");
        long[] said = await SayAsync(cluster, alice, 500);
        Assert.Equal(cluster[1].Options.StandbyMailboxItems, cluster[1].Office.Find(bob.Key)!.Standby);
        MailRead read = await cluster.ReadAsync(1, bob, said[0]);
        Assert.Equal(said, read.Mail.Select(mail => mail.Sequence));

        // It may ask for the same again, and goes on from there.
        Assert.Equal(said, (await cluster.ReadAsync(1, bob, said[0])).Mail.Select(mail => mail.Sequence));
        Task<MailRead> poll = cluster[1].Office.Find(bob.Key)!
            .ReadAsync(said[^1] + 1, true, TimeSpan.FromHours(1), CancellationToken.None).AsTask();
        long[] more = await SayAsync(cluster, alice, 1);
        Assert.Equal(more, (await poll.WithinAsync()).Mail.Select(mail => mail.Sequence));
    }

    /// <summary>
    /// People talk in rooms that they enter and leave, write to each other, and log in and out. Whoever comes to the other node gets there,
    /// from any position, what its mailbox at home holds.
    /// </summary>
    [Fact]
    public Task What_a_client_gets_is_what_it_would_have_got_at_home() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        await using Cluster cluster = await Cluster.StartAsync(2);
        string[] rooms = ["lobby", "den", "attic", "cellar"];
        var people = new List<TestSession>();
        for (int i = 0; i < 8; i++)
            people.Add(await cluster[0].LoginAsync($"user{i}"));
        for (int i = 0; i < 400; i++)
        {
            TestSession one = people[random.Next(people.Count)];
            string room = rooms[random.Next(rooms.Length)];
            _ = random.Next(8) switch
            {
                0 => await cluster[0].Room.EnterAsync(one.Key, room, quiet: random.Next(2) == 0),
                1 => await cluster[0].Room.PartAsync(one.Key, room),
                2 => await one.SubmitAsync("psst", to: people[random.Next(people.Count)].Nick),
                3 => await one.SubmitAsync("/help"),
                4 => (await cluster[0].Room.JoinAsync(new JoinRequest($"guest{i}", "192.0.2.9"))).Outcome,
                _ => await one.SubmitAsync("words", room),
            };
            if (random.Next(60) == 0)
            {
                TestSession leaving = people[^1];
                people.Remove(leaving);
                await cluster[0].Room.LeaveAsync(leaving.Key);
                people.Insert(0, await cluster[0].LoginAsync($"late{i}"));
            }
        }

        await cluster.AppliedAsync();
        foreach (TestSession one in people)
        {
            long from = one.Cursor + random.NextInt64(cluster.Log.Newest - one.Cursor + 1);
            MailRead home = await cluster.ReadAsync(0, one, from);
            MailRead other = await cluster.ReadAsync(1, one, from);
            Assert.Equal(home.Status, other.Status);
            Assert.Equal(home.Mail.Select(Describe), other.Mail.Select(Describe));
        }
    });

    [Fact]
    public async Task A_client_that_has_missed_more_than_is_kept_resyncs()
    {
        const int Kept = 25;
        await using Cluster cluster = await Cluster.StartAsync(
            2, change: builder => builder.With(options => options.RecentMailItems = 2 * Kept));
        TestSession bob = await cluster[0].LoginAsync("bob");
        TestSession alice = await cluster[0].LoginAsync("alice");
        long[] said = await SayAsync(cluster, alice, 100);
        Assert.Equal(MailStatus.Resync, (await cluster.ReadAsync(1, bob, said[^(Kept + 1)])).Status);
        Assert.Equal(Kept, (await cluster.ReadAsync(1, bob, said[^Kept])).Mail.Length);
    }

    [Fact]
    public async Task No_mailbox_gets_more_than_it_may_hold()
    {
        await using Cluster cluster = await Cluster.StartAsync(
            2, change: builder => builder.With(options => options.MaxMailboxItems = 40));
        TestSession bob = await cluster[0].LoginAsync("bob");
        TestSession alice = await cluster[0].LoginAsync("alice");
        long[] said = await SayAsync(cluster, alice, 100);
        Assert.Equal(MailStatus.Resync, (await cluster.ReadAsync(1, bob, said[^41])).Status);
        Assert.Equal(40, (await cluster.ReadAsync(1, bob, said[^40])).Mail.Length);
    }

    [Fact]
    public async Task The_recent_mail_is_bounded_in_bytes()
    {
        await using Cluster cluster = await Cluster.StartAsync(
            2,
            change: builder => builder.With(options => (options.MaxMailboxBytes, options.MaxMailboxBytesTotal) = (4096, 16 * 4096)));
        TestSession bob = await cluster[0].LoginAsync("bob");
        TestSession alice = await cluster[0].LoginAsync("alice");
        long[] said = await SayAsync(cluster, alice, 200, new string('x', 200));

        // An eighth of the total: eleven messages of some 700 bytes.
        Assert.InRange(cluster[1].Office.HeldBytes, 1, 16 * 4096 / 8);
        Assert.Equal(MailStatus.Resync, (await cluster.ReadAsync(1, bob, said[^12])).Status);
    }

    [Fact]
    public async Task A_new_node_has_the_recent_mail_that_it_has_replayed()
    {
        await using Cluster cluster = await Cluster.StartAsync(1);
        TestSession bob = await cluster[0].LoginAsync("bob");
        long[] said = await SayAsync(cluster, bob, 100);
        await cluster.AddAsync();
        Assert.Equal(said, (await cluster.ReadAsync(1, bob, said[0])).Mail.Select(mail => mail.Sequence));
    }

    // Some clients start at 1, whenever they come.
    [Fact]
    public async Task What_was_said_before_a_session_began_is_not_its_own()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession alice = await cluster[0].LoginAsync("alice");
        await SayAsync(cluster, alice, 20);
        TestSession bob = await cluster[0].LoginAsync("bob");
        long[] said = await SayAsync(cluster, alice, 20);
        MailRead read = await cluster.ReadAsync(1, bob, cursor: 1);
        Assert.Equal(said, read.Mail.Where(mail => mail.Content is Spoken).Select(mail => mail.Sequence));
    }

    [Fact]
    public async Task A_mailbox_that_was_emptied_at_the_end_is_not_refilled()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob");
        long[] said = await SayAsync(cluster, bob, 20);
        await cluster[0].Room.LeaveAsync(bob.Key);
        await cluster.AppliedAsync();
        MailRead home = await cluster.ReadAsync(0, bob, said[0]);
        MailRead other = await cluster.ReadAsync(1, bob, said[0]);
        Assert.Equal((home.Status, home.Reason), (other.Status, other.Reason));
        Assert.Equal(MailStatus.Closed, other.Status);
    }

    private static string Describe(Mail mail) => $"{mail.Sequence} {mail.Content}";

    private static async Task<long[]> SayAsync(Cluster cluster, TestSession session, int times, string text = "words")
    {
        var said = new long[times];
        for (int i = 0; i < times; i++)
            said[i] = Assert.IsType<Accepted>(await session.SubmitAsync(text)).Sequence;
        await cluster.AppliedAsync();
        return said;
    }
}

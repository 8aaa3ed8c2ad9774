using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Clients that use another node with every request.</summary>
public class RoamingTests
{
    private const int Nodes = 3;

    /// <summary>
    /// People log in, talk and leave over random nodes that are behind each other by random times. Everyone hears the same, in one order,
    /// and sees everyone join and leave once.
    /// </summary>
    [Fact]
    public Task Nobody_notices_that_there_are_several_nodes() => Seeds.RunAsync(async seed =>
    {
        await using Cluster cluster = await StartAsync(seed);
        var random = new Random(seed);
        var stayers = Enumerable.Range(0, 6).Select(i => NewClient(cluster, random.Next(), $"s{i}")).ToArray();
        using var done = new CancellationTokenSource();
        Task[] reading = [.. stayers.Select(client => StayAsync(client, done.Token))];
        Task[] talking =
        [
            .. stayers.Take(3).Select((client, i) => TalkAsync(client, new Random(random.Next()), 25)),
            .. Enumerable.Range(0, 4).Select(i => ComeAndGoAsync(cluster, new Random(random.Next()), i)),
        ];
        await Task.WhenAll(talking).WithinAsync(TimeSpan.FromSeconds(30));
        await cluster.AppliedAsync();
        await done.CancelAsync();
        await Task.WhenAll(reading).WithinAsync(TimeSpan.FromSeconds(30));

        foreach (RoamingClient client in stayers)
        {
            // One more poll of everything that is there, on a node that has everything.
            while (await client.PollAsync(0, TimeSpan.Zero) == MailStatus.Mail)
            {
            }

            Assert.Equal(Said(cluster, client.Begin), client.Heard);
            Assert.Equal(stayers.Select(one => one.Nick).Order(StringComparer.Ordinal), client.Online);
        }
    });

    [Fact]
    public async Task A_list_from_another_node_shows_nobody_twice()
    {
        await using Cluster cluster = await StartAsync(seed: null);
        for (int start = 0; start < Nodes; start++)
        {
            for (int list = 0; list < Nodes; list++)
            {
                for (int poll = 0; poll < Nodes; poll++)
                {
                    string run = $"{start}{list}{poll}";
                    var client = new RoamingClient(cluster, () => 0, $"c{run}");
                    await client.LoginAsync((start + list) % Nodes);
                    await client.StartAsync(start);
                    await cluster[0].LoginAsync($"early{run}");
                    await client.ListAsync(list);
                    await cluster[1].LoginAsync($"late{run}");
                    Assert.Equal(MailStatus.Mail, await client.PollAsync(poll, TimeSpan.FromSeconds(5)));
                    Assert.Contains($"early{run}", client.Online);
                    await client.PollAsync((poll + 1) % Nodes, TimeSpan.Zero);
                    Assert.Contains($"late{run}", client.Online);
                }
            }
        }
    }

    // The mail between two joins that the list has shown ends an answer. The reader goes on in the middle of its list's range.
    [Fact]
    public async Task A_reader_may_change_nodes_in_the_middle_of_what_its_list_has_shown()
    {
        await using Cluster cluster = await StartAsync(seed: null);
        var client = new RoamingClient(cluster, () => 0, "client");
        await client.LoginAsync(0);
        await client.StartAsync(1);
        await cluster[0].LoginAsync("one");
        TestSession speaker = await cluster[1].LoginAsync("speaker");
        await speaker.SubmitAsync("words");
        await cluster.AppliedAsync();
        cluster.LogOf(2).Hold();
        await cluster[0].LoginAsync("two");
        await client.ListAsync(0);
        cluster.LogOf(2).Release();

        // This node gives the message only, which is in the middle.
        Assert.Equal(MailStatus.Mail, await client.PollAsync(2));
        Assert.Equal(MailStatus.Timeout, await client.PollAsync(1));
        Assert.Equal(MailStatus.Timeout, await client.PollAsync(0));
        Assert.Equal(["client", "one", "speaker", "two"], client.Online);
        Assert.Single(client.Heard);
    }

    [Fact]
    public async Task A_kick_is_read_on_another_node()
    {
        await using Cluster cluster = await StartAsync(seed: null);
        TestSession admin = await cluster[0].LoginAdminAsync("boss");
        TestSession bob = await cluster[1].LoginAsync("bob");
        await cluster.AppliedAsync();
        Task<MailRead> parked = cluster[2].Office.Find(bob.Key)!
            .ReadAsync(bob.Cursor, true, TimeSpan.FromHours(1), CancellationToken.None).AsTask();
        await admin.SubmitAsync("/admin kick bob out");
        MailRead read = await parked.WithinAsync();
        Assert.Contains("kicked", Assert.IsType<Notice>(Assert.Single(read.Mail).Content).Text, StringComparison.Ordinal);
        await cluster.AppliedAsync();
        for (int node = 0; node < Nodes; node++)
        {
            read = await cluster[node].Office.Find(bob.Key)!
                .ReadAsync(read.Mail.Length > 0 ? read.Mail[^1].Sequence + 1 : bob.Cursor, true, TimeSpan.Zero, CancellationToken.None)
                .WithinAsync();
            Assert.True(read is { Status: MailStatus.Closed, Reason: CloseReason.Kicked } or { Status: MailStatus.Mail });
            Assert.Equal(CloseReason.Kicked, cluster[node].Office.Find(bob.Key)!.ClosedFor);
        }
    }

    [Fact]
    public async Task A_message_that_is_sent_again_to_another_node_is_said_once()
    {
        await using Cluster cluster = await StartAsync(seed: null);
        int node = 0;
        var client = new RoamingClient(cluster, () => node, "bob");
        await client.LoginAsync();
        await client.StartAsync();
        await cluster.AppliedAsync();
        cluster.LogOf(1).Hold();
        Outcome? first = await client.SayAsync("words", key: "k");
        node = 1;
        Task<Outcome?> second = client.SayAsync("words", key: "k");
        cluster.LogOf(1).Release();
        Assert.Equal(first, Assert.IsType<Repeated>(await second.WithinAsync()).First);
        await cluster.AppliedAsync();
        await client.PollAsync(2, TimeSpan.FromSeconds(5));
        Assert.Equal(MailStatus.Timeout, await client.PollAsync(1));
        Assert.Single(client.Heard);
    }

    /// <summary>Starts the nodes; with a seed, each gets its entries with random delays.</summary>
    private static async Task<Cluster> StartAsync(int? seed)
    {
        Cluster cluster = await Cluster.StartAsync(Nodes, TimeProvider.System);
        for (int node = 0; seed is not null && node < Nodes; node++)
        {
            var random = new Random(seed.Value + node);
            cluster.LogOf(node).BeforeRead = () =>
                random.Next(4) == 0 ? Task.Delay(TimeSpan.FromMilliseconds(random.Next(4)), TimeProvider.System) : Task.CompletedTask;
        }

        return cluster;
    }

    private static RoamingClient NewClient(Cluster cluster, int seed, string nick)
    {
        var random = new Random(seed);
        return new RoamingClient(cluster, () => { lock (random) return random.Next(Nodes); }, nick);
    }

    private static async Task StayAsync(RoamingClient client, CancellationToken done)
    {
        await client.LoginAsync();
        await client.StartAsync();
        await client.ListAsync();
        while (!done.IsCancellationRequested)
            Assert.True(await client.PollAsync() is MailStatus.Mail or MailStatus.Timeout);
    }

    private static async Task TalkAsync(RoamingClient client, Random random, int times)
    {
        await Eventually.BeTrueAsync(() => client.Begin > 0);
        for (int i = 0; i < times; i++)
        {
            Assert.IsType<Accepted>(await client.SayAsync($"words {i}"));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(8)), TimeProvider.System);
        }
    }

    private static async Task ComeAndGoAsync(Cluster cluster, Random random, int number)
    {
        for (int i = 0; i < 6; i++)
        {
            RoamingClient client = NewClient(cluster, random.Next(), $"v{number}x{i}");
            await client.LoginAsync();
            await client.StartAsync();
            await client.ListAsync();
            for (int polls = random.Next(4); polls > 0; polls--)
                await client.PollAsync();
            await client.SayAsync("bye");
            await client.LeaveAsync();
        }
    }

    /// <summary>Every message of the log from a sequence on.</summary>
    private static IEnumerable<(long Sequence, string Text)> Said(Cluster cluster, long from)
    {
        var nicks = new Dictionary<SessionKey, string>();
        foreach (Log.LogEntry one in cluster.Log.Entries)
        {
            if (one.Entry is Log.Joined joined)
                nicks[joined.Session] = joined.Nick;
            else if (one.Entry is Log.Said said && one.Sequence >= from)
                yield return (one.Sequence, $"{nicks[said.Session]}: {said.Text}");
        }
    }
}

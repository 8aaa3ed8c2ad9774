using ErlChat.Log;
using ErlChat.Outcomes;

namespace ErlChat.Tests;

/// <summary>Calls that say that somebody is away, or here again, while others are on their way to the log.</summary>
public class AwayTests
{
    // The second one used to be compared with a state that the first had not reached yet, and was lost.
    [Fact]
    public async Task A_second_call_counts_while_the_first_is_on_its_way()
    {
        await using Cluster cluster = await Cluster.StartAsync(1);
        TestSession bob = await cluster[0].LoginAsync("bob");
        cluster.LogOf(0).Hold();
        Task<Outcome> away = cluster[0].Room.SetAwayAsync(bob.Key, isAway: true);
        Task<Outcome> back = cluster[0].Room.SetAwayAsync(bob.Key, isAway: false);
        Assert.False(away.IsCompleted || back.IsCompleted);
        cluster.LogOf(0).Release();
        Assert.IsType<Accepted>(await away.WithinAsync());
        Assert.IsType<Accepted>(await back.WithinAsync());
        Assert.False(cluster[0].Room.IsAway(bob.Key));
    }

    [Fact]
    public async Task What_is_on_its_way_already_is_not_written_twice()
    {
        await using Cluster cluster = await Cluster.StartAsync(1);
        TestSession bob = await cluster[0].LoginAsync("bob");
        cluster.LogOf(0).Hold();
        Task<Outcome>[] calls = [.. Enumerable.Range(0, 5).Select(_ => cluster[0].Room.SetAwayAsync(bob.Key, isAway: true))];
        cluster.LogOf(0).Release();
        Assert.All(await Task.WhenAll(calls).WithinAsync(), outcome => Assert.IsType<Accepted>(outcome));
        Assert.Single(cluster.Log.Entries, one => one.Entry is AwayChanged);
    }

    // A session could otherwise make calls wait for each other without end.
    [Fact]
    public async Task Of_many_calls_that_wait_only_the_last_is_carried_out()
    {
        await using Cluster cluster = await Cluster.StartAsync(1);
        TestSession bob = await cluster[0].LoginAsync("bob");
        cluster.LogOf(0).Hold();
        Task<Outcome>[] calls = [.. Enumerable.Range(0, 100).Select(i => cluster[0].Room.SetAwayAsync(bob.Key, isAway: i % 2 == 0))];
        cluster.LogOf(0).Release();
        Assert.All(await Task.WhenAll(calls).WithinAsync(), outcome => Assert.IsType<Accepted>(outcome));
        Assert.Equal([true, false], cluster.Log.Entries.Select(one => one.Entry).OfType<AwayChanged>().Select(one => one.IsAway));
        Assert.False(cluster[0].Room.IsAway(bob.Key));
    }

    [Fact]
    public async Task A_call_counts_at_a_node_that_has_not_applied_the_last_one_yet()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster.AppliedAsync();
        cluster.LogOf(1).Hold();
        Assert.IsType<Accepted>(await cluster[0].Room.SetAwayAsync(bob.Key, isAway: true).WithinAsync());
        Task<Outcome> back = cluster[1].Room.SetAwayAsync(bob.Key, isAway: false);
        Assert.False(back.IsCompleted);
        cluster.LogOf(1).Release();
        Assert.IsType<Accepted>(await back.WithinAsync());
        await cluster.AppliedAsync();
        Assert.False(cluster[0].Room.IsAway(bob.Key) || cluster[1].Room.IsAway(bob.Key));
    }

    [Fact]
    public async Task A_call_of_a_session_that_has_ended_is_refused()
    {
        await using Cluster cluster = await Cluster.StartAsync(1);
        TestSession bob = await cluster[0].LoginAsync("bob");
        await cluster[0].Room.LeaveAsync(bob.Key).WithinAsync();
        Outcome outcome = await cluster[0].Room.SetAwayAsync(bob.Key, isAway: true).WithinAsync();
        Assert.Equal(Refusal.BadSession, Assert.IsType<Refused>(outcome).Why);
    }

    // Calls of two devices at random times, some of them at another node than the one before. Whatever is in flight, the last one of each
    // device decides.
    [Fact]
    public Task The_last_call_decides_however_many_are_in_flight() => Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession[] devices = [await cluster[0].LoginAsync("bob"), await cluster[1].LoginAsync("amy")];
        await cluster.AppliedAsync();
        for (int round = 0; round < 200; round++)
        {
            foreach (int node in (int[])[0, 1])
            {
                int yields = random.Next(4);
                cluster.LogOf(node).BeforeRead = () => YieldAsync(yields);
            }

            var last = new Dictionary<TestSession, bool>();
            int at = random.Next(2);
            var calls = new List<Task<Outcome>>();
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                TestSession device = devices[random.Next(2)];
                last[device] = random.Next(2) == 0;
                calls.Add(cluster[at].Room.SetAwayAsync(device.Key, last[device]));
                await YieldAsync(random.Next(3));
            }

            Assert.All(await Task.WhenAll(calls).WithinAsync(), outcome => Assert.IsType<Accepted>(outcome));
            Assert.All(last, one => Assert.Equal(one.Value, cluster[at].Room.IsAway(one.Key.Key)));
        }

        await cluster.AppliedAsync();
        foreach (TestSession device in devices)
        {
            Assert.Equal(cluster[0].Room.IsAway(device.Key), cluster[1].Room.IsAway(device.Key));
            AwayChanged written = cluster.Log.Entries.Select(one => one.Entry).OfType<AwayChanged>().Last(one => one.Session == device.Key);
            Assert.Equal(written.IsAway, cluster[0].Room.IsAway(device.Key));
        }
    });

    private static async Task YieldAsync(int times)
    {
        for (int i = 0; i < times; i++)
            await Task.Yield();
    }
}

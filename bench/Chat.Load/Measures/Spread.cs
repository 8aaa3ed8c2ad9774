using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Measures;

/// <summary>Parked polls that are spread over several nodes: when a message reaches them, and how much CPU it takes.</summary>
internal static class Spread
{
    /// <summary>How long all parts are left alone before an idle cluster's CPU is read: a server trims its heap after a burst.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(6);

    /// <summary>As long as it takes each node to send a heartbeat.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(2);

    private const int IdleLooks = 3;

    /// <summary>Rounds that do not count, because the servers are still compiling their code.</summary>
    private const int WarmUp = 5;

    private const int Rounds = 20;
    private const int Talkers = 10;

    /// <param name="time">How long each rate is measured.</param>
    internal static async Task<SpreadFigures> RunAsync(
        Reactor reactor,
        NodeCluster cluster,
        int polls,
        IReadOnlyList<int> rates,
        TimeSpan time,
        Action<string> say,
        CancellationToken cancellationToken)
    {
        var peer = new ClusterPeer(cluster.Nodes, cluster.Nodes);
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, polls, Talkers, cancellationToken);
        await crowd.EnterAsync(cancellationToken);
        FanOut fanOut = await FanOut.ParkAsync(crowd, reactor, pollAgain: true, cancellationToken);
        await fanOut.RunAsync(WarmUp, cancellationToken);
        ClusterCpu idle = await IdleAsync(reactor, cluster);

        ClusterCpu before = cluster.Cpu;
        FanOutFigures single = await fanOut.RunAsync(Rounds, cancellationToken);
        var figures = new SpreadFigures(single, cluster.Cpu.Since(before).Without(idle), idle);
        say(figures.ToString());

        // Higher than all numbers of the rounds.
        int number = 1 + WarmUp + Rounds;
        foreach (int rate in rates)
        {
            var plan = new StreamPlan { Listeners = polls, Talkers = Talkers, Rate = rate, Time = time };
            before = cluster.Cpu;
            StreamFigures stream = await new Stream(reactor, crowd, plan, number).RunAsync(park: false, cancellationToken);
            var used = new StreamCpu(stream, plan.Messages, cluster.Cpu.Since(before).Without(idle));
            say(used.ToString());
            figures.Streams.Add(used);
            number += plan.Messages;
        }

        return figures;
    }

    /// <summary>
    /// Waits until everything is quiet, and reads what an idle cluster uses: the least of several looks, since a heap may still be trimmed
    /// during one of them.
    /// </summary>
    internal static async Task<ClusterCpu> IdleAsync(Reactor reactor, NodeCluster cluster)
    {
        await reactor.DelayAsync(s_quiet);
        var looks = new List<ClusterCpu>();
        while (looks.Count < IdleLooks)
        {
            ClusterCpu before = cluster.Cpu;
            await reactor.DelayAsync(s_idle);
            looks.Add(cluster.Cpu.Since(before));
        }

        return looks.Aggregate(static (one, other) => one.LeastOf(other));
    }
}

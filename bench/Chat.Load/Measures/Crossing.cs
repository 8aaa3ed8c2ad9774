using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Measures;

/// <summary>
/// How long a message takes from a sender at the first node to a reader at another (with one node: at the same). There is one reader for
/// each message, so that the time is that of the way, and not of the work for many readers.
/// </summary>
internal static class Crossing
{
    /// <summary>How many rooms there are, each with one sender and one reader.</summary>
    private const int Rooms = 10;

    private const int WarmUpRate = 500;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    /// <param name="time">How long each rate is measured.</param>
    internal static async Task<IReadOnlyList<StreamCpu>> RunAsync(
        Reactor reactor,
        NodeCluster cluster,
        IReadOnlyList<int> rates,
        TimeSpan time,
        Action<string> say,
        CancellationToken cancellationToken)
    {
        var peer = new ClusterPeer(cluster.Nodes, cluster.Nodes.Count > 1 ? [.. cluster.Nodes.Skip(1)] : cluster.Nodes);
        var plan = new StreamPlan
        {
            Listeners = Rooms,
            Talkers = Rooms,
            RoomSize = 1,
            Rate = WarmUpRate,
            Time = s_warmUp,
            CountsFromSending = true,
        };
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, plan, cancellationToken);
        await crowd.EnterAsync(cancellationToken);
        await new Stream(reactor, crowd, plan, firstNumber: 1).RunAsync(park: true, cancellationToken);
        ClusterCpu idle = await Spread.IdleAsync(reactor, cluster);
        int number = 1 + plan.Messages;
        var figures = new List<StreamCpu>();
        foreach (int rate in rates)
        {
            plan = plan with { Rate = rate, Time = time };
            ClusterCpu before = cluster.Cpu;
            StreamFigures stream = await new Stream(reactor, crowd, plan, number).RunAsync(park: false, cancellationToken);
            figures.Add(new StreamCpu(stream, plan.Messages, cluster.Cpu.Since(before).Without(idle)));
            say(figures[^1].ToString());
            number += plan.Messages;
        }

        return figures;
    }
}

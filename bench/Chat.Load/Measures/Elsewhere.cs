using ErlChat.Load.Drivers.Comet;

namespace ErlChat.Load.Measures;

/// <summary>What sessions cost a node that does not serve them. All of them, and whoever speaks, are at the first node.</summary>
internal static class Elsewhere
{
    /// <summary>How long the clients stay idle before memory is read, as in <see cref="Parked"/>.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(10);

    private const int WarmUp = 200;
    private const int Messages = 300;

    internal static async Task<ElsewhereFigures> RunAsync(
        Reactor reactor, NodeCluster cluster, int sessions, Action<string> say, CancellationToken cancellationToken)
    {
        ServerProcess home = cluster.Nodes[0], other = cluster.Nodes[1];
        var peer = new ClusterPeer(cluster.Nodes, [home]);
        using Crowd crowd = await Crowd.GatherAsync(reactor, peer, sessions, talkers: 1, cancellationToken);
        int number = 1;
        await SayAsync(WarmUp);
        await reactor.DelayAsync(s_quiet);
        Weight empty = Weight.OfEmpty(other);
        long started = Clock.Now;
        await crowd.EnterAsync(cancellationToken);
        say($"{sessions} entered in {Clock.Seconds(Clock.Now - started):F1} s");

        ClusterCpu idle = await Spread.IdleAsync(reactor, cluster);
        ClusterCpu before = cluster.Cpu;
        await SayAsync(Messages);
        ClusterCpu used = cluster.Cpu.Since(before).Without(idle);
        crowd.CheckTalkers();
        await reactor.DelayAsync(s_quiet);
        var figures = new ElsewhereFigures(
            sessions, Weight.Of(other) - empty, used.Nodes[1].TotalMicroseconds / Messages, used.Nodes[0].TotalMicroseconds / Messages);
        say(figures.ToString());
        return figures;

        async Task SayAsync(int messages)
        {
            for (int i = 0; i < messages; i++)
            {
                crowd.Talkers[0].Say(number++);
                await reactor.DelayAsync(s_pace);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}

namespace ErlChat.Load.Drivers.Comet;

/// <summary>Several nodes as one peer: talkers are at the first node, listeners take turns with those that are given.</summary>
/// <param name="nodes">All nodes. Their owner stops them.</param>
/// <param name="readers">The nodes that listeners connect to.</param>
internal sealed class ClusterPeer(IReadOnlyList<ServerProcess> nodes, IReadOnlyList<ServerProcess> readers) : IPeer
{
    public ServerProcess Server => nodes[0];

    public TimeSpan CpuTime => nodes.Aggregate(TimeSpan.Zero, static (sum, node) => sum + node.CpuTime);

    public int PortOf(int listener) => readers[listener % readers.Count].Port;

    public Listener CreateListener(Reactor reactor, int number, string? room) => new CometListener(reactor, number, room);

    public Talker CreateTalker(Reactor reactor, int number, string? room) => new CometTalker(reactor, number, room);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

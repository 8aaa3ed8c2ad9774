using ErlChat.Nodes;
using ErlChat.Serialization;

namespace ErlChat.Testing;

/// <summary>What one node knows about the others. The test decides who is dead and who leads.</summary>
public sealed class TestNodes(string self) : INodes
{
    private volatile HashSet<string> _dead = [];

    public string? Self { get; } = self;

    /// <summary>Whether this node leads all elected work.</summary>
    public bool IsLeader { get; set; }

    /// <summary>Whether an older node lives that does not know new kinds of entries.</summary>
    public bool HasOldNode { get; set; }

    public IReadOnlyList<NodeView> All => [new NodeView(Self!, "1.0", "", 0, TimeSpan.Zero, IsAlive: true, default)];

    /// <summary>Declares a node dead.</summary>
    public void Bury(string node) => _dead = [.. _dead, node];

    public bool IsDead(string node) => _dead.Contains(node);

    public bool AllKnow(string kind) => !HasOldNode || EntryCodec.OldestKinds.Contains(kind);

    public bool Leads(ElectedWork work) => IsLeader;
}

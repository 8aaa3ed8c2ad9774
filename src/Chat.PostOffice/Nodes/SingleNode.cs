namespace ErlChat.Nodes;

/// <summary>A chat that runs on one unnamed node.</summary>
internal sealed class SingleNode : INodes
{
    public static SingleNode Instance { get; } = new();

    public string? Self => null;

    public IReadOnlyList<NodeView> All { get; } = [new NodeView("", "", "", 0, TimeSpan.Zero, IsAlive: true, default)];

    public bool IsDead(string node) => false;

    public bool Leads(ElectedWork work) => true;
}

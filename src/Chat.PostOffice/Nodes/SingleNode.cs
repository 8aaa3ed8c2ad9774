namespace ErlChat.Nodes;

/// <summary>The only node of a chat. It leads all work, and no other node is ever alive.</summary>
/// <param name="name">Its name; null for none.</param>
/// <param name="time">The clock.</param>
public sealed class SingleNode(string? name, TimeProvider time) : INodes
{
    /// <summary>A single node without a name.</summary>
    public static SingleNode Instance { get; } = new(null, TimeProvider.System);

    public string? Self => name;

    /// <summary>This node. An unnamed one is listed by the name of its machine.</summary>
    public IReadOnlyList<NodeView> All { get; } =
        [new NodeView(name ?? "erlchat@" + Environment.MachineName, ProgramVersion.Number, "", 0, TimeSpan.Zero, true, time.GetUtcNow())];

    public bool IsDead(string node) => node != name;

    public bool Leads(ElectedWork work) => true;
}

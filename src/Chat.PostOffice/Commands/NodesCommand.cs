using System.Globalization;
using ErlChat.Nodes;
using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class NodesCommand(INodes nodes) : ISlashCommand
{
    public string Name => "nodes";

    public string Usage => "/nodes";

    public string Help => "list the chat's nodes";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) =>
        context.TellAsync("Nodes: " + string.Join(", ", nodes.All.Where(static node => node.IsAlive).Select(Describe)));

    private static string Describe(NodeView node) =>
        string.Create(CultureInfo.InvariantCulture, $"{node.Name} (version {node.Version}, lag {node.Lag.TotalSeconds:0.0} s)");
}

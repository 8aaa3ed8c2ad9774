using ErlChat.Nodes;
using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class PingCommand(INodePing ping) : ISlashCommand
{
    public string Name => "ping";

    public string Usage => "/ping node";

    public string Help => "ask a node for a sign of life";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [var node] || !NodeOptions.IsName(node))
            return await context.TellAsync(SlashCommands.Invalid);
        return await context.TellAsync(await ping.PingAsync(node) ? $"{node}: pong" : $"{node}: pang");
    }
}

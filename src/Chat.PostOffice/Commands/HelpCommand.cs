using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class HelpCommand(SlashCommands commands) : ISlashCommand
{
    public string Name => "help";

    public string Usage => "/help";

    public string Help => "list the commands";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) =>
        context.TellAsync("Commands: " + string.Join(' ', commands.All.Select(command => $"({command.Usage})")));
}

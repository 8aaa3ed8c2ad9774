using ErlChat.Outcomes;
using ErlChat.Rooms;

namespace ErlChat.Commands;

/// <summary><c>/admin …</c>: the administrators' commands. For other users it does not exist.</summary>
internal sealed class AdminCommand : ISlashCommand
{
    /// <summary>The message shown if <see cref="IsBadReason"/> is true.</summary>
    internal const string BadReason = "a reason is one line that can be seen, without control characters.";

    private readonly ISlashCommand[] _commands;
    private readonly string _help;

    internal AdminCommand(IAdminPages pages)
    {
        _commands =
        [
            new AdminLogoutCommand(),
            new AdminInfoCommand(pages),
            new AdminKickCommand(),
            new AdminBanCommand(),
            new AdminBansCommand(pages),
            new AdminUnbanCommand(),
            new AdminMuteCommand(),
            new AdminAnnounceCommand(),
            new AdminLogCommand(pages),
            new AdminGrantCommand(),
            new AdminRevokeCommand(),
            new AdminEraseCommand(),
        ];
        _help = "Admin Help: " + string.Join(' ', _commands.Select(command => $"({command.Usage})"));
    }

    internal IReadOnlyList<ISlashCommand> Commands => _commands;

    public string Name => "admin";

    public string Usage => "/admin help";

    public string Help => "list the commands of administrators";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (!context.Sender.IsAdmin)
            return await context.TellAsync(SlashCommands.Invalid);
        (string name, Arguments rest) = arguments.Split();
        if (name == "help" && rest.Text.Length == 0)
            return await context.TellAsync(_help);
        return Array.Find(_commands, command => command.Name == name) is { } found
            ? await found.RunAsync(context, rest)
            : await Unknown(context);
    }

    /// <summary>
    /// Whether a reason is unsuitable because it would not stay on its line among the server's own words. An empty reason is allowed.
    /// </summary>
    internal static bool IsBadReason(string reason) => reason.Length > 0 && !TextRule.IsLine(reason);

    /// <summary>The answer to an unknown admin command, and to a command with the wrong number of words.</summary>
    internal static Task<Outcome> Unknown(CommandContext context) => context.TellAsync("Unknown admin command. Type /admin help.");
}

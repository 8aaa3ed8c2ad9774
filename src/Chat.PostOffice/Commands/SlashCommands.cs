using ErlChat.Nodes;
using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>Finds and runs the command that a <c>/word</c> names. The commands themselves provide the text of <c>/help</c>.</summary>
public sealed class SlashCommands
{
    internal const string Invalid = "Invalid command or format.";

    private readonly Dictionary<string, ISlashCommand> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates the commands. Those about nodes exist if the node has a name.</summary>
    public SlashCommands(IAdminPages pages, INodes? nodes = null, INodePing? ping = null)
    {
        bool isNamed = nodes?.Self is not null && ping is not null;
        ISlashCommand[] commands =
        [
            new AuthCommand(),
            new AwayCommand(),
            new BackCommand(),
            new HelpCommand(this),
            new IgnoreCommand(),
            new IgnoredCommand(),
            new InviteCommand(),
            new JoinCommand(),
            new KickCommand(),
            new LeaveCommand(),
            new MeCommand(),
            new ModeratorCommand(),
            .. isNamed ? [new NodesCommand(nodes!), new PingCommand(ping!)] : Array.Empty<ISlashCommand>(),
            new OwnerCommand(),
            new PrivateCommand(),
            new RenameCommand(),
            new RoomCommand(),
            new TopicCommand(),
            new UnignoreCommand(),
            new UninviteCommand(),
            new UsersCommand(),
        ];
        All = commands;
        foreach (ISlashCommand command in commands)
            _byName.Add(command.Name, command);
        _byName.Add("msg", _byName["pm"]);
        _byName.Add("part", _byName["leave"]);
        var admin = new AdminCommand(pages);
        _byName.Add("admin", admin);
        Descriptions =
        [
            .. commands.Select(command => new CommandDescription($"/{command.Name}", command.Usage, command.Help, IsForAdmins: false)),
            new CommandDescription(admin.Usage, admin.Usage, admin.Help, IsForAdmins: true),
            .. admin.Commands.Select(command => new CommandDescription(
                $"/{admin.Name} {command.Name}",
                command.Usage,
                command.Help,
                IsForAdmins: true)),
        ];
    }

    /// <summary>All commands, for clients that offer completion.</summary>
    public IReadOnlyList<CommandDescription> Descriptions { get; }

    /// <summary>The commands open to every user, in the order in which help lists them.</summary>
    internal IReadOnlyList<ISlashCommand> All { get; }

    /// <summary>Whether a text is a command: it begins with a slash, followed by at least one ASCII letter or digit.</summary>
    public static bool IsCommand(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 1 && text[0] == '/' && char.IsAsciiLetterOrDigit(text[1]);
    }

    internal Task<Outcome> RunAsync(CommandContext context, string text)
    {
        int end = 1;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            end++;
        if (!_byName.TryGetValue(text[1..end], out ISlashCommand? command))
            return context.TellAsync(Invalid);

        // "/me /auth password", "/pm /auth password": no other command may see such a text, because some of them repeat their arguments.
        string rest = text[end..];
        return command is not AuthCommand && AuthText.LooksLikeAuth(rest)
            ? context.TellAsync(AuthText.NotSent)
            : command.RunAsync(context, new Arguments(rest));
    }
}

/// <summary>A command as clients show it.</summary>
/// <param name="Name">The words it begins with: <c>/pm</c>, <c>/admin ban</c>.</param>
/// <param name="Usage">How it is typed: <c>/pm nick text</c>.</param>
/// <param name="Help">What it does, in a few words.</param>
/// <param name="IsForAdmins">Whether the command exists for administrators only.</param>
public sealed record CommandDescription(string Name, string Usage, string Help, bool IsForAdmins);

using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>Finds and runs what a <c>/word</c> names. <c>/help</c> is made of the commands themselves.</summary>
public sealed class SlashCommands
{
    internal const string Invalid = "Invalid command or format.";

    private readonly Dictionary<string, ISlashCommand> _byName = new(StringComparer.OrdinalIgnoreCase);

    public SlashCommands(IAdminPages pages)
    {
        ISlashCommand[] commands =
        [
            new AuthCommand(),
            new HelpCommand(this),
            new JoinCommand(),
            new LeaveCommand(),
            new MeCommand(),
            new PrivateCommand(),
            new TopicCommand(),
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
            .. admin.Commands.Select(command => new CommandDescription($"/{admin.Name} {command.Name}", command.Usage, command.Help, IsForAdmins: true)),
        ];
    }

    /// <summary>All commands, for clients that help to type them.</summary>
    public IReadOnlyList<CommandDescription> Descriptions { get; }

    /// <summary>The commands that everybody may use, in the order of help.</summary>
    internal IReadOnlyList<ISlashCommand> All { get; }

    /// <summary>Whether a text is a command: a slash at the very beginning and at least one letter or digit behind it.</summary>
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

        // "/me /auth password", "/pm /auth password": no other command gets to see it, since some of them repeat what they were given.
        string rest = text[end..];
        return command is not AuthCommand && AuthText.LooksLikeAuth(rest)
            ? context.TellAsync(AuthText.NotSent)
            : command.RunAsync(context, new Arguments(rest));
    }
}

/// <summary>A command as people are told of it.</summary>
/// <param name="Name">The words it begins with: <c>/pm</c>, <c>/admin ban</c>.</param>
/// <param name="Usage">How it is typed: <c>/pm nick text</c>.</param>
/// <param name="Help">What it does, in a few words.</param>
/// <param name="IsForAdmins">Whether it does not exist to anybody else.</param>
public sealed record CommandDescription(string Name, string Usage, string Help, bool IsForAdmins);

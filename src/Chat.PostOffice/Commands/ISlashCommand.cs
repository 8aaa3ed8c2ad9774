using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>One command that users can type. Implementations are stateless. The answer goes to the user as mail.</summary>
internal interface ISlashCommand
{
    /// <summary>The word after the slash, in lower case.</summary>
    string Name { get; }

    /// <summary>How the command is typed, without brackets: <c>/pm nick text</c>. <c>/help</c> lists these.</summary>
    string Usage { get; }

    /// <summary>What the command does, in a few words, in lower case and without a full stop. For lists of commands.</summary>
    string Help { get; }

    /// <summary>Runs the command. Returns the outcome of the last entry it appended.</summary>
    Task<Outcome> RunAsync(CommandContext context, Arguments arguments);
}

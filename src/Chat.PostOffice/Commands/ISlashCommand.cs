using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>One command that people type. Stateless; its answer is mail to whoever typed it.</summary>
internal interface ISlashCommand
{
    /// <summary>The word after the slash, lower case.</summary>
    string Name { get; }

    /// <summary>How it is typed, without brackets: <c>/pm nick text</c>. <c>/help</c> is made of these.</summary>
    string Usage { get; }

    /// <summary>What it does, a few words in small letters without a full stop: for lists of commands.</summary>
    string Help { get; }

    /// <summary>Carries it out. Returns what the last entry came to.</summary>
    Task<Outcome> RunAsync(CommandContext context, Arguments arguments);
}

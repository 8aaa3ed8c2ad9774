using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>A command that names one user and nothing else.</summary>
internal abstract class NickCommand : ISlashCommand
{
    public abstract string Name { get; }

    public string Usage => $"/{Name} nick";

    public abstract string Help { get; }

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => arguments.Words() is [string nick]
        ? RunAsync(context, nick)
        : context.TellAsync("Usage: " + Usage);

    /// <summary>Runs the command for a user. Returns the outcome of the last entry it appended.</summary>
    protected abstract Task<Outcome> RunAsync(CommandContext context, string nick);
}

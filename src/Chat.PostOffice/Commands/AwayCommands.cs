using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>A command that says whether somebody is at the device where it is typed.</summary>
internal abstract class PresenceCommand(bool isAway, string answer) : ISlashCommand
{
    public abstract string Name { get; }

    public string Usage => $"/{Name}";

    public abstract string Help { get; }

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => arguments.Text.Length > 0
        ? context.TellAsync("Usage: " + Usage)
        : context.AnswerAsync(context.Room.SetAwayAsync(context.Session, isAway, context.TakeKey()), static _ => null, answer);
}

/// <summary>Says that nobody is at the device where it is typed.</summary>
internal sealed class AwayCommand() : PresenceCommand(isAway: true, "You are away. Type /back when you are back.")
{
    public override string Name => "away";

    public override string Help => "show others that you are away";
}

/// <summary>Says that somebody is there again.</summary>
internal sealed class BackCommand() : PresenceCommand(isAway: false, "You are back.")
{
    public override string Name => "back";

    public override string Help => "show others that you are back";
}

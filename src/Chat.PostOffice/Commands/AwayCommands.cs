using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>Says that nobody is at the device where it is typed.</summary>
internal sealed class AwayCommand : ISlashCommand
{
    public string Name => "away";

    public string Usage => "/away";

    public string Help => "show others that you are away";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => arguments.Text.Length > 0
        ? context.TellAsync("Usage: " + Usage)
        : context.AnswerAsync(
            context.Room.SetAwayAsync(context.Session, isAway: true, context.TakeKey()),
            static _ => null,
            "You are away. Type /back when you are back.");
}

/// <summary>Says that somebody is there again.</summary>
internal sealed class BackCommand : ISlashCommand
{
    public string Name => "back";

    public string Usage => "/back";

    public string Help => "show others that you are back";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => arguments.Text.Length > 0
        ? context.TellAsync("Usage: " + Usage)
        : context.AnswerAsync(
            context.Room.SetAwayAsync(context.Session, isAway: false, context.TakeKey()),
            static _ => null,
            "You are back.");
}

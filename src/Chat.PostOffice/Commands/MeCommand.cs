using ErlChat.Outcomes;
using ErlChat.Rooms;

namespace ErlChat.Commands;

internal sealed class MeCommand : ISlashCommand
{
    public string Name => "me";

    public string Usage => "/me text";

    public string Help => "say what you do";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => TextRule.IsBlank(arguments.Text)
        ? context.TellAsync("Usage: /me text")
        : context.ExplainAsync(
            context.Room.SayAsync(context.Session, context.CurrentRoom, arguments.Text, action: true, context.TakeKey()),
            refused => Explanations.OfSaying(refused, context.ShownRoom));
}

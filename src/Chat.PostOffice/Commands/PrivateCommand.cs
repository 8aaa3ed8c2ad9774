using ErlChat.Outcomes;
using ErlChat.Rooms;

namespace ErlChat.Commands;

internal sealed class PrivateCommand : ISlashCommand
{
    public string Name => "pm";

    public string Usage => "/pm nick text";

    public string Help => "write to one person only";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        (string nick, Arguments rest) = arguments.Split();
        return TextRule.IsBlank(rest.Text)
            ? context.TellAsync("Usage: /pm nick text")
            : context.ExplainAsync(
                context.Room.WhisperAsync(context.Session, nick, toId: null, rest.Text, context.TakeKey()),
                refused => Explanations.OfSaying(refused, nick));
    }
}

namespace ErlChat;

internal sealed class PrivateCommand : ISlashCommand
{
    public string Name => "pm";

    public string Usage => "/pm nick text";

    public string Help => "write to one person only";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        (string nick, Arguments rest) = arguments.Split();
        return rest.Text.Length == 0
            ? context.TellAsync("Usage: /pm nick text")
            : context.ExplainAsync(
                context.Room.WhisperAsync(context.Session, nick, rest.Text, context.TakeKey()),
                refused => Explanations.OfSaying(refused, nick));
    }
}

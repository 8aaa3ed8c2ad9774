namespace ErlChat;

internal sealed class AdminKickCommand : ISlashCommand
{
    public string Name => "kick";

    public string Usage => "/admin kick user reason";

    public string Help => "throw somebody out";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => arguments.Words() is not [string nick, string reason]
        ? AdminCommand.Unknown(context)
        : context.ExplainAsync(context.Room.KickAsync(context.Session, nick, reason, context.TakeKey()), refused => refused.Why switch
        {
            Refusal.NoSuchUser => "Unable to kick: user not found.",
            Refusal.NotYourself => "Sorry, you can't kick yourself!",
            _ => null,
        });
}

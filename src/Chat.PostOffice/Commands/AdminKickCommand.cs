using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

internal sealed class AdminKickCommand : ISlashCommand
{
    public string Name => "kick";

    public string Usage => "/admin kick user reason";

    public string Help => "remove a user from the chat";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string nick, string reason])
            return AdminCommand.Unknown(context);
        if (AdminCommand.IsBadReason(reason))
            return context.TellAsync("Unable to kick: " + AdminCommand.BadReason);
        Task<Outcome> kick = context.Room.Administration.KickAsync(context.Session, nick, reason, context.TakeKey());
        return context.ExplainAsync(kick, refused => refused.Why switch
        {
            Refusal.NoSuchUser => "Unable to kick: user not found.",
            Refusal.Secret => AuthText.NotSent,
            Refusal.NotYourself => "Sorry, you can't kick yourself!",
            _ => null,
        });
    }
}

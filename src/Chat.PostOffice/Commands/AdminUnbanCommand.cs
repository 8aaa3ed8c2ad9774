using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.Texts;

namespace ErlChat.Commands;

internal sealed class AdminUnbanCommand : ISlashCommand
{
    public string Name => "unban";

    public string Usage => "/admin unban host";

    public string Help => "end the bans of an address, or of the person with a nick";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string host])
            return await AdminCommand.Unknown(context);
        Outcome outcome = await context.Room.Administration.UnbanAsync(context.Session, HostAddress.Canonical(host), context.TakeKey());
        return outcome switch
        {
            Accepted => await context.TellAsync("Removed ban."),
            Refused { Why: Refusal.NotBanned } => await context.TellAsync("Unable to unban: Invalid host."),
            Refused { Why: Refusal.Secret } => await context.TellAsync(AuthText.NotSent),
            _ => outcome,
        };
    }
}

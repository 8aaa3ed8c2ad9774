using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>Makes a member an administrator for good. The original had no such command.</summary>
internal sealed class AdminGrantCommand : ISlashCommand
{
    public string Name => "grant";

    public string Usage => "/admin grant user";

    public string Help => "make a member an administrator, who keeps the rights after a logout";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => SetAsync(
        context, arguments, withdraws: false, nick => $"{nick} is an administrator, with every login and on every device.");

    /// <summary>Gives a member the rights of an administrator, or takes them, and tells the administrator what came of it.</summary>
    internal static async Task<Outcome> SetAsync(
        CommandContext context, Arguments arguments, bool withdraws, Func<string, string> success)
    {
        if (arguments.Words() is not [string nick])
            return await AdminCommand.Unknown(context);
        Outcome outcome = await context.Room.Administration.AppointAsync(context.Session, nick, withdraws, context.TakeKey());
        return outcome switch
        {
            Accepted => await context.TellAsync(success(nick)),
            Refused { Why: Refusal.NoSuchUser } => await context.TellAsync("Unable to do that: user not found."),
            Refused { Why: Refusal.NotMember } => await context.TellAsync(
                $"Unable to do that: {nick} is a guest. Only a member, who keeps the nick, can be an administrator for good."),
            Refused { Why: Refusal.NotYourself } => await context.TellAsync(
                "Type /admin logout to cease to be an administrator."),
            Refused { Why: Refusal.Secret } => await context.TellAsync(AuthText.NotSent),
            _ => outcome,
        };
    }
}

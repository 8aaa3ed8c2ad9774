using System.Globalization;
using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Commands;

internal sealed class AdminInfoCommand(IAdminPages pages) : ISlashCommand
{
    public string Name => "info";

    public string Usage => "/admin info user";

    public string Help => "show a user's address and last action";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string nick])
            return AdminCommand.Unknown(context);
        if (context.Room.FindNick(nick) is not { } user)
            return context.TellAsync("Unknown user.");
        string last = user.LastActiveAt.ToString("R", CultureInfo.InvariantCulture);
        string host = HostAddress.Shown(user.Host);
        return context.TellAsync($"Nick: {user.Who.Nick}\nIP address: {host}\nLast action: {last}", pages.Info(user));
    }
}

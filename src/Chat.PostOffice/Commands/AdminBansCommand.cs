using ErlChat.Outcomes;
using ErlChat.State;

namespace ErlChat.Commands;

internal sealed class AdminBansCommand(IAdminPages pages) : ISlashCommand
{
    public string Name => "bans";

    public string Usage => "/admin bans";

    public string Help => "list the bans";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Text.Length > 0)
            return AdminCommand.Unknown(context);
        (Ban Ban, string TimeLeft)[] bans = [.. context.Room.ActiveBans().Select(one => (one.Ban, SpelledTime.Of(one.Left)))];
        string text = bans.Length == 0
            ? "There are no bans."
            : string.Join('\n', bans.Select(one => $"{WhoOf(one.Ban)}: {one.Ban.Reason}. Time Remaining: {one.TimeLeft}"));
        return context.TellAsync(text, pages.Bans(bans));

        static string WhoOf(Ban ban) => ban.Host is null ? ban.Nick : $"{ban.Host} ({ban.Nick})";
    }
}

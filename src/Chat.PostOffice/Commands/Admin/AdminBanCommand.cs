using System.Globalization;

namespace ErlChat;

internal sealed class AdminBanCommand : ISlashCommand
{
    /// <summary>The longest ban: ten years of 365 days.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public string Name => "ban";

    public string Usage => "/admin ban user reason seconds";

    public string Help => "throw somebody out and keep the address out for a time";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string nick, string reason, string seconds])
            return await AdminCommand.Unknown(context);
        if (AdminCommand.IsBadReason(reason))
            return await context.TellAsync("Unable to ban: " + AdminCommand.BadReason);
        if (TimeOf(seconds) is not { } length)
            return await context.TellAsync("Unable to ban: invalid time specified.");
        string? host = context.Room.FindNick(nick)?.Host;
        Task<Outcome> ban = context.Room.BanAsync(context.Session, nick, reason, length, context.TakeKey());
        Outcome outcome = await context.ExplainAsync(ban, refused => refused.Why switch
        {
            Refusal.NoSuchUser => "Unable to ban: user not found.",
            Refusal.Secret => AuthText.NotSent,
            Refusal.NotYourself => "Sorry, you can't ban yourself!",
            _ => null,
        });

        // Behind a proxy that is not trusted, everybody comes from the one address.
        if (outcome is Accepted && host is not null && context.Room.SessionsAt(host) is { Count: > 0 } others)
            await context.TellAsync(OthersHit(host, others, context.Sender));
        return outcome;
    }

    private static string OthersHit(string host, IReadOnlyList<SessionView> others, SessionView sender)
    {
        string count = others.Count == 1 ? "1 other session comes" : $"{others.Count} other sessions come";
        string own = others.Any(other => other.Key == sender.Key) ? ", yours among them" : "";
        return $"{count} from {host}{own}. They stay, but nobody can log in from there before the ban ends. "
            + $"To end it: /admin unban \"{host}\"";
    }

    /// <summary>A time of 1 s to ten years; null for anything else.</summary>
    internal static TimeSpan? TimeOf(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count >= 1 && count <= (long)Longest.TotalSeconds
            ? TimeSpan.FromSeconds(count)
            : null;
}

using System.Globalization;
using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>
/// Bans a user and, as the original command did, the user's address. A fourth word, <c>person</c>, leaves the address alone.
/// </summary>
internal sealed class AdminBanCommand : ISlashCommand
{
    /// <summary>The longest ban: ten years of 365 days.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public string Name => "ban";

    public string Usage => "/admin ban user reason seconds";

    public string Help => "remove a user and ban the person and the address for a time; a fourth word, person, bans no address";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        bool? address = arguments.Words() switch
        {
            [_, _, _] or [_, _, _, "address"] => true,
            [_, _, _, "person"] => false,
            _ => null,
        };
        if (arguments.Words() is not [string nick, string reason, string seconds, ..] || address is null)
            return AdminCommand.Unknown(context);
        if (AdminCommand.IsBadReason(reason))
            return context.TellAsync("Unable to ban: " + AdminCommand.BadReason);
        if (TimeOf(seconds) is not { } length)
            return context.TellAsync("Unable to ban: invalid time specified.");
        Task<Outcome> ban = context.Room.Administration.BanAsync(
            context.Session, nick, reason, length, address.Value, context.TakeKey());
        return context.ExplainAsync(ban, refused => refused.Why switch
        {
            Refusal.NoSuchUser => "Unable to ban: user not found.",
            Refusal.Secret => AuthText.NotSent,
            Refusal.NotYourself => "Sorry, you can't ban yourself!",
            _ => null,
        });
    }

    /// <summary>Parses a length of 1 s to ten years; null for anything else.</summary>
    internal static TimeSpan? TimeOf(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && count >= 1
            && count <= (long)Longest.TotalSeconds
            ? TimeSpan.FromSeconds(count)
            : null;
}

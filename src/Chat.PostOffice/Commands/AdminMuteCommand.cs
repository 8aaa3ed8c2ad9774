using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>
/// Stops a user from speaking for a time; 0 seconds lift the mute. With a third word, <c>address</c>, those who log in from the user's
/// address are muted too. The original had no such command.
/// </summary>
internal sealed class AdminMuteCommand : ISlashCommand
{
    public string Name => "mute";

    public string Usage => "/admin mute user seconds";

    public string Help => "mute a user for a time; 0 unmutes; a third word, address, mutes the address too";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        IReadOnlyList<string>? words = arguments.Words();
        if (words is not ([_, _] or [_, _, "address"]))
            return await AdminCommand.Unknown(context);
        (string nick, string seconds) = (words[0], words[1]);
        TimeSpan? length = seconds == "0" ? TimeSpan.Zero : AdminBanCommand.TimeOf(seconds);
        if (length is null)
            return await context.TellAsync("Unable to mute: invalid time specified.");
        Outcome outcome = await context.Room.Administration.MuteAsync(
            context.Session, nick, length.Value, address: words.Count > 2, context.TakeKey());
        return outcome switch
        {
            Accepted => await context.TellAsync(seconds == "0"
                ? $"{nick} may speak again."
                : $"{nick} may not speak for {SpelledTime.Of(length.Value)}."),
            Refused { Why: Refusal.NoSuchUser } => await context.TellAsync("Unable to mute: user not found."),
            Refused { Why: Refusal.Secret } => await context.TellAsync(AuthText.NotSent),
            Refused { Why: Refusal.NotYourself } => await context.TellAsync("Sorry, you can't mute yourself!"),
            _ => outcome,
        };
    }
}

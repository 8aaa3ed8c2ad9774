using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>Ignores a user. The server keeps the list; clients that know it do not show what the user writes.</summary>
internal sealed class IgnoreCommand : ISlashCommand
{
    public string Name => "ignore";

    public string Usage => "/ignore nick";

    public string Help => "do not show what a user writes";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string nick])
            return await context.TellAsync("Usage: " + Usage);
        Outcome outcome = await context.ExplainAsync(
            context.Room.Preferences.IgnoreAsync(context.Session, nick, key: context.TakeKey()),
            refused => refused.Why switch
            {
                Refusal.Secret => AuthText.NotSent,
                Refusal.NotYourself => "You cannot ignore yourself.",
                Refusal.NoSuchUser => $"There is no user {nick}.",
                Refusal.TooManyIgnored => "You ignore too many users. Type /unignore nick first.",
                _ => null,
            });
        return outcome is Accepted ? await context.TellAsync($"You ignore {nick} now.") : outcome;
    }
}

/// <summary>Stops ignoring a user.</summary>
internal sealed class UnignoreCommand : ISlashCommand
{
    public string Name => "unignore";

    public string Usage => "/unignore nick";

    public string Help => "show again what a user writes";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string nick])
            return await context.TellAsync("Usage: " + Usage);
        Outcome outcome = await context.ExplainAsync(
            context.Room.Preferences.StopIgnoringAsync(context.Session, nick, key: context.TakeKey()),
            refused => refused.Why switch
            {
                Refusal.Secret => AuthText.NotSent,
                Refusal.NoSuchUser => $"You do not ignore {nick}.",
                _ => null,
            });
        return outcome is Accepted ? await context.TellAsync($"You no longer ignore {nick}.") : outcome;
    }
}

/// <summary>Lists whom the user ignores.</summary>
internal sealed class IgnoredCommand : ISlashCommand
{
    public string Name => "ignored";

    public string Usage => "/ignored";

    public string Help => "list the users whom you ignore";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => context.TellAsync(
        context.Room.Preferences.Of(context.Session) is { Ignored: { Count: > 0 } ignored }
            ? $"You ignore: {string.Join(", ", ignored.Select(static one => one.Who.Nick))}"
            : "You ignore nobody.");
}

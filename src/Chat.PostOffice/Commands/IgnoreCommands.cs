using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>Ignores a user. The server keeps the list; clients that know it do not show what the user writes.</summary>
internal sealed class IgnoreCommand : NickCommand
{
    public override string Name => "ignore";

    public override string Help => "do not show what a user writes";

    protected override Task<Outcome> RunAsync(CommandContext context, string nick) => context.AnswerAsync(
        context.Room.Preferences.IgnoreAsync(context.Session, nick, key: context.TakeKey()),
        refused => refused.Why switch
        {
            Refusal.Secret => AuthText.NotSent,
            Refusal.NotYourself => "You cannot ignore yourself.",
            Refusal.NoSuchUser => $"There is no user {nick}.",
            Refusal.TooManyIgnored => "You ignore too many users. Type /unignore nick first.",
            _ => null,
        },
        $"You ignore {nick} now.");
}

/// <summary>Stops ignoring a user.</summary>
internal sealed class UnignoreCommand : NickCommand
{
    public override string Name => "unignore";

    public override string Help => "show again what a user writes";

    protected override Task<Outcome> RunAsync(CommandContext context, string nick) => context.AnswerAsync(
        context.Room.Preferences.StopIgnoringAsync(context.Session, nick, key: context.TakeKey()),
        refused => refused.Why switch
        {
            Refusal.Secret => AuthText.NotSent,
            Refusal.NoSuchUser => $"You do not ignore {nick}.",
            _ => null,
        },
        $"You no longer ignore {nick}.");
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

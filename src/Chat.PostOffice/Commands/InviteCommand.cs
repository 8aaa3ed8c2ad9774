using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>Invites a user to the room.</summary>
internal sealed class InviteCommand : ISlashCommand
{
    public string Name => "invite";

    public string Usage => "/invite nick";

    public string Help => "invite a user to the room";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string nick])
            return await context.TellAsync("Usage: " + Usage);
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        Outcome outcome = await context.ExplainAsync(
            context.Room.Moderation.InviteAsync(context.Session, room, nick, context.TakeKey()),
            refused => Explanations.OfModeration(refused, shown, nick));
        return outcome is Accepted ? await context.TellAsync($"{nick} is invited to {shown}.") : outcome;
    }
}

/// <summary>Takes an invitation back.</summary>
internal sealed class UninviteCommand : ISlashCommand
{
    public string Name => "uninvite";

    public string Usage => "/uninvite nick";

    public string Help => "take an invitation back";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string nick])
            return await context.TellAsync("Usage: " + Usage);
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        Outcome outcome = await context.ExplainAsync(
            context.Room.Moderation.WithdrawAsync(context.Session, room, nick, context.TakeKey()),
            refused => refused.Why == Refusal.NoSuchUser
                ? $"{nick} is not invited to {shown}."
                : Explanations.OfModeration(refused, shown, nick));
        return outcome is Accepted ? await context.TellAsync($"{nick} is no longer invited to {shown}.") : outcome;
    }
}

using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>Invites a user to the room.</summary>
internal sealed class InviteCommand : NickCommand
{
    public override string Name => "invite";

    public override string Help => "invite a user to the room";

    protected override Task<Outcome> RunAsync(CommandContext context, string nick)
    {
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        return context.AnswerAsync(
            context.Room.Moderation.InviteAsync(context.Session, room, nick, context.TakeKey()),
            refused => Explanations.OfModeration(refused, shown, nick),
            $"{nick} is invited to {shown}.");
    }
}

/// <summary>Takes an invitation back.</summary>
internal sealed class UninviteCommand : NickCommand
{
    public override string Name => "uninvite";

    public override string Help => "take an invitation back";

    protected override Task<Outcome> RunAsync(CommandContext context, string nick)
    {
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        return context.AnswerAsync(
            context.Room.Moderation.WithdrawAsync(context.Session, room, nick, context.TakeKey()),
            refused => refused.Why == Refusal.NoSuchUser
                ? $"{nick} is not invited to {shown}."
                : Explanations.OfModeration(refused, shown, nick),
            $"{nick} is no longer invited to {shown}.");
    }
}

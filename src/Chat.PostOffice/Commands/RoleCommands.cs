using ErlChat.Outcomes;
using ErlChat.Sessions;

namespace ErlChat.Commands;

/// <summary>Makes a member a moderator, or an ordinary member again. The notice to the members is the answer.</summary>
internal sealed class ModeratorCommand : ISlashCommand
{
    public string Name => "moderator";

    public string Usage => "/moderator nick [off]";

    public string Help => "make someone a moderator of the room";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => arguments.Words() switch
    {
        [string nick] => OwnerCommand.SetAsync(context, nick, RoomRole.Moderator),
        [string nick, "off"] => OwnerCommand.SetAsync(context, nick, RoomRole.Member),
        _ => context.TellAsync("Usage: " + Usage),
    };
}

/// <summary>Hands the room over. The notice to the members is the answer.</summary>
internal sealed class OwnerCommand : NickCommand
{
    public override string Name => "owner";

    public override string Help => "hand the room over to someone";

    protected override Task<Outcome> RunAsync(CommandContext context, string nick) => SetAsync(context, nick, RoomRole.Owner);

    internal static Task<Outcome> SetAsync(CommandContext context, string nick, RoomRole role)
    {
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        return context.ExplainAsync(
            context.Room.Moderation.SetRoleAsync(context.Session, room, nick, role, context.TakeKey()),
            refused => refused.Why == Refusal.NotYourself
                ? $"You own {shown}. Make someone else the owner first: /owner nick"
                : Explanations.OfModeration(refused, shown, nick));
    }
}

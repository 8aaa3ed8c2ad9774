using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class LeaveCommand : ISlashCommand
{
    public string Name => "leave";

    public string Usage => "/leave [room]";

    public string Help => "leave a room; without a name, this one";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        (string room, string shown) = arguments.Words() is [string named]
            ? (named, named)
            : (context.CurrentRoom, context.ShownRoom);
        return context.ExplainAsync(context.Room.PartAsync(context.Session, room, context.TakeKey()), refused => refused.Why switch
        {
            Refusal.NotInRoom => $"You are not in {shown}.",
            Refusal.HomeRoom => $"You cannot leave {shown}: everybody is in it. Log out to leave the chat.",
            _ => null,
        });
    }
}

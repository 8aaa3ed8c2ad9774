using ErlChat.Names;
using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class JoinCommand : ISlashCommand
{
    public string Name => "join";

    public string Usage => "/join room [private]";

    public string Help => "enter a room, or open a new one";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not ([_] or [_, "private"]) || arguments.Words() is not [string room, ..] words)
            return context.TellAsync("Usage: " + Usage);
        if (!RoomName.IsValid(room))
            return context.TellAsync(Explanations.RoomNames);

        // The room's welcome message is the answer.
        Task<Outcome> entering = context.Room.EnterAsync(
            context.Session, room, quiet: !context.KnowsRooms, context.TakeKey(), isPrivate: words.Count > 1);
        return context.ExplainAsync(entering, refused => refused.Why switch
        {
            Refusal.AlreadyInRoom => $"You are in {room} already.",
            Refusal.LooksAlike => Explanations.LooksAlike(room),
            Refusal.NameNotFree => $"You cannot use the name {room}. If that is a private room, you need an invitation.",
            Refusal.TooManyRooms => "There are too many rooms. Leave one first.",
            _ => null,
        });
    }
}

using ErlChat.Names;
using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class JoinCommand : ISlashCommand
{
    public string Name => "join";

    public string Usage => "/join room";

    public string Help => "enter a room, or open a new one";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string room])
            return context.TellAsync("Usage: /join room");
        if (!RoomName.IsValid(room))
            return context.TellAsync("A room name has 1 to 32 letters, digits, - or _.");

        // The welcome that the room sends is the answer.
        return context.ExplainAsync(context.Room.EnterAsync(context.Session, room, quiet: !context.KnowsRooms, context.TakeKey()), refused => refused.Why switch
        {
            Refusal.AlreadyInRoom => $"You are in {room} already.",
            Refusal.LooksAlike => $"The name {room} looks like that of another room.",
            Refusal.TooManyRooms => "There are too many rooms. Leave one first.",
            _ => null,
        });
    }
}

using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>Gives the room another name. The notice to the members is the answer, unless it has that name already.</summary>
internal sealed class RenameCommand : ISlashCommand
{
    public string Name => "rename";

    public string Usage => "/rename name";

    public string Help => "give the room another name; its first one leads to it, too";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        if (arguments.Words() is not [string name])
            return await context.TellAsync("Usage: " + Usage);
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        Outcome outcome = await context.ExplainAsync(
            context.Room.Moderation.RenameAsync(context.Session, room, name, context.TakeKey()),
            refused => refused.Why switch
            {
                Refusal.BadRoomName => Explanations.RoomNames,
                Refusal.LooksAlike => Explanations.LooksAlike(name),
                Refusal.NameNotFree => $"The name {name} is not free.",
                Refusal.Muted => "You may not rename rooms at the moment.",
                _ => Explanations.OfModeration(refused, shown, ""),
            });
        return outcome is Accepted && name == shown ? await context.TellAsync($"That is what {shown} is called already.") : outcome;
    }
}

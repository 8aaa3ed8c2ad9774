using ErlChat.Outcomes;

namespace ErlChat.Commands;

/// <summary>Removes a user from the room, and not from the chat as <see cref="AdminKickCommand"/> does.</summary>
internal sealed class KickCommand : ISlashCommand
{
    public string Name => "kick";

    public string Usage => "/kick nick [reason]";

    public string Help => "remove a user from the room";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        (string nick, Arguments rest) = arguments.Split();
        if (nick.Length == 0)
            return await context.TellAsync("Usage: " + Usage);
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        return await context.AnswerAsync(
            context.Room.Moderation.KickAsync(context.Session, room, nick, rest.Text, context.TakeKey()),
            refused => refused.Why == Refusal.NotYourself
                ? "To leave the room, type /leave."
                : Explanations.OfModeration(refused, shown, nick),
            $"{nick} has been removed from {shown}.");
    }
}

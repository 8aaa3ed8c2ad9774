using ErlChat.Outcomes;
using ErlChat.Rooms;

namespace ErlChat.Commands;

internal sealed class TopicCommand : ISlashCommand
{
    /// <summary>The longest topic, in UTF-16 units: about one line, because the topic is always shown above the room.</summary>
    private const int MaxLength = 250;

    public string Name => "topic";

    public string Usage => "/topic [text]";

    public string Help => "show or set the topic of the room";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        if (arguments.Text.Length == 0)
        {
            string topic = context.Room.FindRoom(context.Session, room)?.Topic ?? "";
            return context.TellAsync(topic.Length == 0 ? $"{shown} has no topic." : $"The topic of {shown} is: {topic}");
        }

        if (arguments.Text.Length > MaxLength)
            return context.TellAsync($"A topic has at most {MaxLength} characters.");
        if (!TextRule.IsLine(arguments.Text))
            return context.TellAsync("A topic is one line that can be seen, without control characters.");
        return context.ExplainAsync(
            context.Room.SetTopicAsync(context.Session, room, arguments.Text, context.TakeKey()),
            refused => Explanations.OfSaying(refused, shown));
    }
}

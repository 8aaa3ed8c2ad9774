using System.Globalization;
using ErlChat.Outcomes;
using ErlChat.Rooms;

namespace ErlChat.Commands;

/// <summary>Shows who may do what in the room, or changes how it is used.</summary>
internal sealed class RoomCommand : ISlashCommand
{
    public string Name => "room";

    public string Usage => "/room [private | public | lock | unlock | archive | reopen | slow seconds]";

    public string Help => "show or change who may see the room and speak in it";

    public Task<Outcome> RunAsync(CommandContext context, Arguments arguments) => arguments.Words() switch
    {
        [] => context.TellAsync(Describe(context)),
        ["private"] => ChangeAsync(context, new RoomChange(Private: true)),
        ["public"] => ChangeAsync(context, new RoomChange(Private: false)),
        ["lock"] => ChangeAsync(context, new RoomChange(Locked: true)),
        ["unlock"] => ChangeAsync(context, new RoomChange(Locked: false)),
        ["archive"] => ChangeAsync(context, new RoomChange(Archived: true)),
        ["reopen"] => ChangeAsync(context, new RoomChange(Archived: false)),
        ["slow", var seconds] when RoomChange.PauseOf(seconds) is { } pause => ChangeAsync(context, new RoomChange(Slow: pause)),
        ["slow", ..] => context.TellAsync(
            $"Usage: /room slow seconds, from 0 to {RoomModeration.LongestPause.ToString(CultureInfo.InvariantCulture)}"),
        _ => context.TellAsync("Usage: " + Usage),
    };

    /// <summary>The notice to the members is the answer, unless there was nothing to change.</summary>
    private static async Task<Outcome> ChangeAsync(CommandContext context, RoomChange change)
    {
        (string room, string shown) = (context.CurrentRoom, context.ShownRoom);
        bool isSo = context.Room.FindRoom(context.Session, room) is { } now
            && (change.Private ?? now.IsPrivate) == now.IsPrivate
            && (change.Locked ?? now.IsLocked) == now.IsLocked
            && (change.Archived ?? now.IsArchived) == now.IsArchived
            && (change.Slow is not { } pause || TimeSpan.FromSeconds(pause) == now.Pause);
        Outcome outcome = await context.ExplainAsync(
            context.Room.Moderation.ChangeAsync(context.Session, room, change, context.TakeKey()),
            refused => Explanations.OfModeration(refused, shown, ""));
        return outcome is Accepted && isSo ? await context.TellAsync($"That is how {shown} is already.") : outcome;
    }

    private static string Describe(CommandContext context)
    {
        if (context.Room.DetailsOf(context.Session, context.CurrentRoom) is not { } details)
            return $"There is no room {context.CurrentRoom}.";
        List<string> facts = [details.Room.IsPrivate ? "private" : "public"];
        if (details.Room.IsLocked)
            facts.Add("locked");
        if (details.Room.IsArchived)
            facts.Add("archived");
        if (details.Room.Pause > TimeSpan.Zero)
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"slow ({details.Room.Pause.TotalSeconds:0} seconds)"));
        List<string> lines =
        [
            $"{details.Room.Title ?? details.Room.Name}: {string.Join(", ", facts)}",
            $"Owner: {details.Owner ?? (details.Room.IsPrivate ? "nobody" : "the administrators")}",
        ];
        if (details.Room.Title is not null)
            lines.Insert(1, $"Address: {details.Room.Name}");
        if (details.Moderators.Count > 0)
            lines.Add($"Moderators: {string.Join(", ", details.Moderators)}");
        if (details.Invited.Count > 0)
            lines.Add($"Invited: {string.Join(", ", details.Invited)}");
        return string.Join('\n', lines);
    }
}

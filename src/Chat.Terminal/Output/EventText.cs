using ErlChat.Client;

namespace ErlChat.Terminal.Output;

/// <summary>Formats events as lines for users.</summary>
internal static class EventText
{
    /// <summary>The lines of an event; none if it is not shown.</summary>
    internal static IReadOnlyList<string> Of(ChatEvent happened) => happened switch
    {
        Said { IsDeleted: true } said => [$"{Where(said.Room)}* message of {Nick(said.Nick)} deleted *"],
        Said said => Spoken(
            Where(said.Room) + Mark(said.Edited) + Answer(said.ReplyTo) + (said.Action ? $"* {Nick(said.Nick)} " : $"{Nick(said.Nick)}: "),
            said.Text),
        Whispered { IsDeleted: true, Own: true } whisper => [$"[pm to {Nick(whisper.To)}] * message deleted *"],
        Whispered { IsDeleted: true } whisper => [$"[pm from {Nick(whisper.From)}] * message deleted *"],
        Whispered { Own: true } whisper =>
            Spoken($"[pm to {Nick(whisper.To)}] {Mark(whisper.Edited)}{Answer(whisper.ReplyTo)}", whisper.Text),
        Whispered whisper => Spoken($"[pm from {Nick(whisper.From)}] {Mark(whisper.Edited)}{Answer(whisper.ReplyTo)}", whisper.Text),
        MessageEdited edited => Spoken($"{Where(edited.Room)}* {Nick(edited.Nick)} corrected a message: ", edited.Text),
        MessageRemoved { ByModerator: true } removed => [$"{Where(removed.Room)}* a moderator deleted a message of {Nick(removed.Nick)} *"],
        MessageRemoved removed => [$"{Where(removed.Room)}* {Nick(removed.Nick)} deleted a message *"],
        MessagePinned pin => [$"{Where(pin.Room)}* {Nick(pin.Nick)} has {(pin.On ? "pinned" : "unpinned")} message {pin.MessageId} *"],
        ReactionsChanged reacted => Reactions(reacted),
        AwayChanged away => [$"* {Nick(away.Nick)} is {(away.IsAway ? "away" : "here again")} *"],
        UserJoined { IsBack: true } joined => [$"{Where(joined.Room)}* {Nick(joined.Nick)} is back *"],
        UserLeft { IsOffline: true } left => [$"{Where(RoomOf(left))}* {Nick(left.Nick)} has gone offline *"],
        UserJoined joined => [$"{Where(joined.Room)}* {Nick(joined.Nick)} has joined *"],
        UserLeft left => [$"{Where(RoomOf(left))}* {Nick(left.Nick)} has left{Why(left.Reason)} *"],
        TopicChanged { Topic: "" } topic => [$"{Where(topic.Room)}* {Nick(topic.Nick)} took the topic away *"],
        TopicChanged topic => Spoken($"{Where(topic.Room)}* {Nick(topic.Nick)} set the topic: ", topic.Topic),
        RoomRenamed renamed =>
            [$"{Where(renamed.Room)}* {Nick(renamed.Nick)} has renamed the room to {SafeText.Of(renamed.Title ?? renamed.Room)} *"],
        RoomEntered entered => Users(entered.Room, entered.Users, entered.Topic),
        RoomParted { By: { } by } parted => Spoken(
            $"* {Nick(by)} has removed you from {SafeText.Of(parted.Room)}", parted.Reason.Length == 0 ? " *" : $": {parted.Reason} *"),
        RoomParted parted => [$"* You have left {SafeText.Of(parted.Room)} *"],
        AdminChanged admin => [$"* {Nick(admin.Nick)} is {(admin.IsAdmin ? "now" : "no longer")} an administrator *"],
        Notice notice => Spoken("*** ", notice.Text),
        ConnectionLost lost => Spoken("! The server is gone, trying again. ", lost.Why),
        ConnectionResumed => ["! The server is back."],
        Resynced anew => Anew(anew),
        SessionEnded ended => [$"! The session is over: {SafeText.Of(ended.Reason)}."],
        _ => [],
    };

    /// <summary>The users in a room, in the format of the original.</summary>
    internal static IReadOnlyList<string> Users(string room, IReadOnlyList<string> users, string topic = "")
    {
        string name = string.Equals(room, ChatClient.Lobby, StringComparison.OrdinalIgnoreCase) ? "the room" : SafeText.Of(room);
        string line = $"* Users in {name}: {string.Join(':', users.Select(SafeText.Of))} *";
        return topic.Length == 0 ? [line] : [line, $"* Topic: {SafeText.Of(topic)} *"];
    }

    /// <summary>One line for each emoji that was added. What was taken back is not shown.</summary>
    private static IReadOnlyList<string> Reactions(ReactionsChanged reacted) =>
    [
        .. reacted.Changes
            .Where(static one => one.On)
            .GroupBy(static one => one.Emoji)
            .Select(same =>
                $"{Where(reacted.Room)}* {string.Join(", ", same.Select(static one => Nick(one.Nick)))} reacted: "
                + $"{SafeText.Of(same.Key)} *"),
    ];

    private static List<string> Anew(Resynced anew)
    {
        var lines = new List<string>();
        if (anew.NewSession)
            lines.Add("! Logged in again.");
        lines.AddRange(anew.Missed.SelectMany(Of));
        if (anew.MayLack)
            lines.Add("! Some messages sent in the meantime may be missing: the server no longer has them.");
        lines.AddRange(anew.Rooms.SelectMany(room => Users(room.Room, room.Users)));
        return lines;
    }

    private static string[] Spoken(string prefix, string text) =>
        [.. SafeText.Lines(text).Select((line, i) => i == 0 ? prefix + line : line)];

    /// <summary>A time in UTC, to the second.</summary>
    internal static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string RoomOf(UserLeft left) => left.Rooms is [var room, ..] ? room : ChatClient.Lobby;

    /// <summary>Before the name, where no text of another user can stand.</summary>
    private static string Mark(DateTimeOffset? edited) => edited is null ? "" : "(edited) ";

    /// <inheritdoc cref="Mark"/>
    private static string Answer(AnsweredMessage? message) =>
        message is null ? "" : message.Nick is null ? "(reply) " : $"(reply to {Nick(message.Nick)}) ";

    /// <param name="room">The room; null for a private conversation.</param>
    private static string Where(string? room) => room is null
        ? "[pm] "
        : string.Equals(room, ChatClient.Lobby, StringComparison.OrdinalIgnoreCase) ? "" : $"[{SafeText.Of(room)}] ";

    private static string Why(string reason) => reason is "normal" or "" ? "" : $" ({SafeText.Of(reason)})";

    private static string Nick(string nick) => SafeText.Of(nick);
}

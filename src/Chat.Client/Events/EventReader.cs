using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Turns items of the wire into events.</summary>
internal static class EventReader
{
    internal static RoomEvent Of(CometItem item) => item switch
    {
        ChatItem chat => new Said(chat.Id, chat.At, RoomOf(chat), chat.Nick, chat.Msg, chat.Own, chat.Action),
        UserJoinedItem joined => new UserJoined(joined.Id, joined.At, RoomOf(joined), joined.Nick)
        {
            Rooms = joined.Rooms ?? [RoomOf(joined)],
            IsBack = joined.IsBack,
        },
        UserLeftItem left => new UserLeft(left.Id, left.At, left.Rooms ?? [RoomOf(left)], left.Nick, left.Reason)
        {
            IsOffline = left.IsOffline,
        },
        WhisperItem whisper => new Whispered(whisper.Id, whisper.At, whisper.From, whisper.To, whisper.Msg, whisper.Own)
        {
            FromId = whisper.FromId,
            ToId = whisper.ToId,
        },
        TopicItem topic => new TopicChanged(topic.Id, topic.At, RoomOf(topic), topic.Nick, topic.Topic),
        EnteredItem entered => new RoomEntered(entered.Id, entered.At, RoomOf(entered), entered.Topic, entered.Users)
        {
            Title = entered.Title,
        },
        RenamedItem renamed => new RoomRenamed(renamed.Id, renamed.At, RoomOf(renamed), renamed.Nick, renamed.Title),
        PartedItem parted => new RoomParted(parted.Id, parted.At, RoomOf(parted)) { By = parted.By, Reason = parted.Reason },
        ReadItem read => new ReadElsewhere(read.Id, read.At, read.With is null ? RoomOf(read) : null, read.With, read.UpTo),
        PreferencesItem changed => new PreferencesChanged(changed.Id, changed.At),
        EditedItem edited => new Notice(edited.Id, edited.At, $"{edited.Nick} corrected a message: {edited.Msg}"),
        RemovedItem removed => new Notice(removed.Id, removed.At, removed.ByModerator
            ? $"A moderator deleted a message of {removed.Nick}."
            : $"{removed.Nick} deleted a message."),
        AdminItem admin => new AdminChanged(admin.Id, admin.At, admin.Nick, admin.LoggedIn),
        SystemItem system => new Notice(system.Id, system.At, system.Text),
        UnknownItem unknown => new Unknown(unknown.Id, unknown.At, unknown.Type, unknown.Json),
        _ => throw new System.Diagnostics.UnreachableException(item.GetType().Name),
    };

    /// <summary>Reads an item of history, which does not say whether this client sent it.</summary>
    internal static RoomEvent OfHistory(CometItem item, string nick) =>
        Of(item) is Said said ? said with { Own = string.Equals(said.Nick, nick, StringComparison.OrdinalIgnoreCase) } : Of(item);

    private static string RoomOf(CometItem item) => item.Room ?? ChatClient.Lobby;
}

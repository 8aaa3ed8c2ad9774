using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>Turns items of the wire into events.</summary>
internal static class EventReader
{
    internal static RoomEvent Of(CometItem item) => item switch
    {
        ChatItem chat => new Said(chat.Id, chat.At, RoomOf(chat), chat.Nick, chat.Msg, chat.Own, chat.Action)
        {
            ReplyTo = ParentOf(chat.Parent),
            Edited = chat.Edited,
            IsDeleted = chat.IsDeleted,
            Reactions = ReactionsOf(chat.Reactions),
        },
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
            ReplyTo = ParentOf(whisper.Parent),
            Edited = whisper.Edited,
            IsDeleted = whisper.IsDeleted,
            Reactions = ReactionsOf(whisper.Reactions),
        },
        TopicItem topic => new TopicChanged(topic.Id, topic.At, RoomOf(topic), topic.Nick, topic.Topic),
        EnteredItem entered => new RoomEntered(entered.Id, entered.At, RoomOf(entered), entered.Topic, entered.Users)
        {
            Title = entered.Title,
        },
        RenamedItem renamed => new RoomRenamed(renamed.Id, renamed.At, RoomOf(renamed), renamed.Nick, renamed.Title),
        PartedItem parted => new RoomParted(parted.Id, parted.At, RoomOf(parted)) { By = parted.By, Reason = parted.Reason },
        ReadItem read => new ReadElsewhere(read.Id, read.At, RoomOf(read, read.With), read.With, read.UpTo),
        PreferencesItem changed => new PreferencesChanged(changed.Id, changed.At),
        EditedItem edited => new MessageEdited(
            edited.Id, edited.At, RoomOf(edited, edited.With), edited.With, edited.Message, edited.Nick, edited.Msg, edited.Action),
        RemovedItem removed => new MessageRemoved(
            removed.Id, removed.At, RoomOf(removed, removed.With), removed.With, removed.Message, removed.Nick, removed.ByModerator),
        ReactionItem made => new ReactionsChanged(
            made.Id,
            made.At,
            RoomOf(made, made.With),
            made.With,
            made.Message,
            [.. made.Changes.Select(static one => new ReactionChange(one.Emoji, one.User, one.Nick, one.On))]),
        ReactionsItem now => new ReactionsCounted(
            now.Id, now.At, RoomOf(now, now.With), now.With, now.Message, CountsOf(now.Reactions)),
        AwayItem away => new AwayChanged(away.Id, away.At, away.Nick, away.UserId, away.On),
        PinItem pin => new MessagePinned(pin.Id, pin.At, RoomOf(pin), pin.Message, pin.Nick, pin.On) { UnpinnedId = pin.Unpinned },
        AdminItem admin => new AdminChanged(admin.Id, admin.At, admin.Nick, admin.LoggedIn),
        SystemItem system => new Notice(system.Id, system.At, system.Text),
        UnknownItem unknown => new Unknown(unknown.Id, unknown.At, unknown.Type, unknown.Json),
        _ => throw new System.Diagnostics.UnreachableException(item.GetType().Name),
    };

    /// <summary>Reads an item of history, which does not say whether this client sent it.</summary>
    internal static RoomEvent OfHistory(CometItem item, string nick) =>
        Of(item) is Said said ? said with { Own = string.Equals(said.Nick, nick, StringComparison.OrdinalIgnoreCase) } : Of(item);

    private static MessageReactions? ReactionsOf(ItemReactions? reactions) =>
        reactions is null ? null : new MessageReactions(reactions.Through, CountsOf(reactions.All));

    private static IReadOnlyList<ReactionCount> CountsOf(IReadOnlyList<ReactionItemCount> counts) =>
        [.. counts.Select(static one => new ReactionCount(one.Emoji, one.Count, one.Mine, one.Nicks))];

    private static AnsweredMessage? ParentOf(ItemParent? parent) =>
        parent is null ? null : new AnsweredMessage(parent.Id, parent.Nick, parent.Msg);

    private static string RoomOf(CometItem item) => item.Room ?? ChatClient.Lobby;

    /// <summary>The room; null for what is between this user and another.</summary>
    private static string? RoomOf(CometItem item, string? with) => with is null ? RoomOf(item) : null;
}

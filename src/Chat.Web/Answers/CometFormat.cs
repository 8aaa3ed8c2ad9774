using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Protocol.Comet;

namespace ErlChat.Web.Answers;

/// <summary>Encodes mail for the comet protocol, for clients that know only what the original's client knew.</summary>
internal sealed class CometFormat() : MailFormat(slot: 0)
{
    public override byte[] Encode(Mail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return mail.Content is ReactionsChanged or ReactionsNow or PinChanged or AwayTold ? [] : CometJson.Encode(ItemOf(mail));
    }

    private static CometItem ItemOf(Mail mail)
    {
        long id = mail.Sequence;
        DateTimeOffset at = mail.At;
        return mail.Content switch
        {
            UserEntered entered => new UserJoinedItem(id, at, RoomOf(entered.Room), entered.Who.Nick),
            UserReturned returned => JoinedOf(id, at, returned),
            UserLeft left => LeftOf(id, at, left),
            Spoken spoken => new ChatItem(id, at, RoomOf(spoken.Room), spoken.Who.Nick, spoken.Text, spoken.Own, spoken.Action)
            {
                Edited = EditedAt(spoken.Change),
                IsDeleted = spoken.Change is { IsRemoval: true },
                Parent = ParentOf(spoken.Parent),
                Reactions = ReactionsOf(spoken.Reactions),
            },
            Whisper whisper => new WhisperItem(
                id, at, whisper.From.Nick, whisper.To.Nick, whisper.Text, whisper.Own, whisper.From.UserId, whisper.To.UserId)
            {
                Edited = EditedAt(whisper.Change),
                IsDeleted = whisper.Change is { IsRemoval: true },
                Parent = ParentOf(whisper.Parent),
                Reactions = ReactionsOf(whisper.Reactions),
            },
            Notice notice => new SystemItem(id, at, null, notice.Text, notice.Html),
            AdminChanged admin => new AdminItem(id, at, admin.Who.Nick, admin.LoggedIn),
            TopicChanged topic => new TopicItem(id, at, RoomOf(topic.Room), topic.Who.Nick, topic.Topic),
            RoomTitled titled => new RenamedItem(id, at, RoomOf(titled.Room), titled.Who.Nick, titled.Title),
            Welcome welcome => new EnteredItem(
                id, at, RoomOf(welcome.Room), welcome.Topic, [.. welcome.Others.Select(who => who.Nick), welcome.Who.Nick], welcome.Title),
            Farewell farewell => new PartedItem(id, at, RoomOf(farewell.Room), farewell.By?.Nick, farewell.Reason),
            RoomNotice notice => new SystemItem(id, at, RoomOf(notice.Room), notice.Text),
            ReadElsewhere read => new ReadItem(id, at, read.Room is null ? null : RoomOf(read.Room), read.With, read.UpTo),
            PreferencesChanged => new PreferencesItem(id, at),
            MessageChanged changed => new SystemItem(id, at, RoomOf(changed.Message), TextOf(changed)),
            MessageRemoved removed => new SystemItem(id, at, RoomOf(removed.Message), TextOf(removed)),
            _ => throw new System.Diagnostics.UnreachableException(mail.Content.GetType().Name),
        };
    }

    private static string TextOf(MessageChanged changed)
    {
        string what = changed.Message.Room is null ? "a private message" : "a message";

        // The new text is gone if the message was deleted before this reader came to the edit.
        string end = changed.Text.Length > 0 ? $": {changed.Text}" : ".";
        return $"{changed.Message.Who.Nick} corrected {what}{end}";
    }

    private static string TextOf(MessageRemoved removed) =>
        removed.ByModerator ? $"A moderator deleted a message of {removed.Message.Who.Nick}."
        : removed.Message.Room is null ? $"{removed.Message.Who.Nick} deleted a private message."
        : $"{removed.Message.Who.Nick} deleted a message.";

    private static DateTimeOffset? EditedAt(MessageChange? change) => change is { IsRemoval: false } ? change.At : null;

    private static ItemParent? ParentOf(ParentMessage? parent) =>
        parent is null ? null : new ItemParent(parent.Sequence, parent.Nick, parent.Excerpt);

    private static ItemReactions? ReactionsOf(ShownReactions? reactions) =>
        reactions is null ? null : new ItemReactions(reactions.Through, CountsOf(reactions));

    internal static IReadOnlyList<ReactionItemCount> CountsOf(ShownReactions reactions) =>
        [.. reactions.Counts.Select(static one => new ReactionItemCount(one.Emoji, one.Count, one.Mine, one.Nicks))];

    private static UserJoinedItem JoinedOf(long id, DateTimeOffset at, UserReturned returned)
    {
        (string? room, IReadOnlyList<string>? all) = RoomsOf(returned.Rooms);
        return new UserJoinedItem(id, at, room, returned.Who.Nick, all) { IsBack = true };
    }

    private static UserLeftItem LeftOf(long id, DateTimeOffset at, UserLeft left)
    {
        (string? room, IReadOnlyList<string>? all) = RoomsOf(left.Rooms);
        return new UserLeftItem(id, at, room, left.Who.Nick, left.Reason, all) { IsOffline = left.IsOffline };
    }

    /// <summary>
    /// If the lobby is among several rooms, the item names the lobby as its room, because old clients read only that member. Newer clients
    /// read the list of all rooms.
    /// </summary>
    private static (string? Room, IReadOnlyList<string>? All) RoomsOf(IReadOnlyList<string> rooms) =>
        (rooms.Any(static room => RoomOf(room) is null) ? null : rooms[0], rooms.Count > 1 ? rooms : null);

    /// <summary>The room that an item names for a message; null for the lobby, and for private messages.</summary>
    internal static string? RoomOf(MessageRef message) => message.Room is { } room ? RoomOf(room) : null;

    internal static string? RoomOf(string room) => RoomName.Same(room, RoomName.Lobby) ? null : room;
}

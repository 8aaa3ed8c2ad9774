using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ErlChat.Protocol.Comet;

/// <summary>
/// Encodes items. The keys and their order are a contract: <c>id</c>, <c>t</c>, <c>d</c>, then the keys that the original did not have.
/// </summary>
public static class CometJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = WireEncoder.Instance, SkipValidation = true };

    /// <summary>The item as compact UTF-8 JSON.</summary>
    public static byte[] Encode(CometItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, s_options))
            Write(json, item);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A time in the wire's format: UTC, milliseconds, <c>Z</c>.</summary>
    public static string TimeText(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter json, CometItem item)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, item.Id);
        json.WriteString("t"u8, TypeOf(item));
        WriteData(json, item);
        json.WriteString("at"u8, TimeText(item.At));
        if (item.Room is not null)
            json.WriteString("room"u8, item.Room);
        WriteMore(json, item);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> TypeOf(CometItem item) => item switch
    {
        UserJoinedItem => "user_joined_room"u8,
        UserLeftItem => "user_left_room"u8,
        ChatItem { Own: true } => "sent_chat_msg"u8,
        ChatItem => "chat_msg"u8,
        AdminItem { LoggedIn: true } => "admin_logged_in"u8,
        AdminItem => "admin_logged_out"u8,
        ReadItem => "read"u8,
        PreferencesItem => "preferences"u8,
        EditedItem => "message_edited"u8,
        RemovedItem => "message_removed"u8,
        PinItem => "message_pinned"u8,
        AwayItem => "away"u8,
        ReactionItem => "reaction"u8,
        ReactionsItem => "reactions"u8,
        SystemItem => "system_msg"u8,
        _ => throw new System.Diagnostics.UnreachableException(item.GetType().Name),
    };

    private static void WriteData(Utf8JsonWriter json, CometItem item)
    {
        switch (item)
        {
            case UserJoinedItem joined:
                json.WriteString("d"u8, joined.Nick);
                break;
            case UserLeftItem left:
                WritePair(json, "reason"u8, left.Nick, left.Reason);
                break;
            case ChatItem chat:
                WritePair(json, "msg"u8, chat.Nick, chat.Msg);
                break;
            case AdminItem admin:
                json.WriteString("d"u8, admin.Nick);
                break;
            case ReadItem read:
                json.WriteStartObject("d"u8);
                if (read.With is not null)
                    json.WriteString("with"u8, read.With);
                json.WriteNumber("up_to"u8, read.UpTo);
                json.WriteEndObject();
                break;
            case EditedItem edited:
                json.WriteStartObject("d"u8);
                json.WriteNumber("message"u8, edited.Message);
                json.WriteString("nick"u8, edited.Nick);
                json.WriteString("msg"u8, edited.Msg);
                if (edited.Action)
                    json.WriteBoolean("action"u8, true);
                if (edited.With is not null)
                    json.WriteString("with"u8, edited.With);
                json.WriteEndObject();
                break;
            case RemovedItem removed:
                json.WriteStartObject("d"u8);
                json.WriteNumber("message"u8, removed.Message);
                json.WriteString("nick"u8, removed.Nick);
                if (removed.ByModerator)
                    json.WriteBoolean("by_moderator"u8, true);
                if (removed.With is not null)
                    json.WriteString("with"u8, removed.With);
                json.WriteEndObject();
                break;
            case PinItem pin:
                json.WriteStartObject("d"u8);
                json.WriteNumber("message"u8, pin.Message);
                json.WriteString("nick"u8, pin.Nick);
                json.WriteBoolean("on"u8, pin.On);
                if (pin.Unpinned is { } unpinned)
                    json.WriteNumber("unpinned"u8, unpinned);
                json.WriteEndObject();
                break;
            case AwayItem away:
                json.WriteStartObject("d"u8);
                json.WriteString("nick"u8, away.Nick);
                json.WriteString("user_id"u8, away.UserId);
                json.WriteBoolean("on"u8, away.On);
                json.WriteEndObject();
                break;
            case ReactionItem reaction:
                ReactionJson.WriteData(json, reaction);
                break;
            case ReactionsItem reactions:
                ReactionJson.WriteData(json, reactions);
                break;
            case PreferencesItem:
                json.WriteStartObject("d"u8);
                json.WriteEndObject();
                break;
            case SystemItem system:
                json.WriteString("d"u8, HtmlOf(system));
                break;
        }
    }

    private static void WriteRooms(Utf8JsonWriter json, IReadOnlyList<string>? rooms)
    {
        if (rooms is null)
            return;
        json.WriteStartArray("rooms"u8);
        foreach (string room in rooms)
            json.WriteStringValue(room);
        json.WriteEndArray();
    }

    /// <summary>Writes the keys that the original did not have, after those that it had.</summary>
    private static void WriteMore(Utf8JsonWriter json, CometItem item)
    {
        switch (item)
        {
            case UserLeftItem left:
                WriteRooms(json, left.Rooms);
                if (left.IsOffline)
                    json.WriteBoolean("offline"u8, true);
                break;
            case UserJoinedItem joined:
                WriteRooms(json, joined.Rooms);
                if (joined.IsBack)
                    json.WriteBoolean("back"u8, true);
                break;
            case ChatItem chat:
                if (chat.Action)
                    json.WriteBoolean("action"u8, true);
                WriteParent(json, chat.Parent);
                WriteMarks(json, chat.Edited, chat.IsDeleted, chat.Reactions);
                break;
            case SystemItem system:
                if (HtmlOf(system) != system.Text)
                    json.WriteString("text"u8, system.Text);
                WriteKind(json, system);
                break;
        }
    }

    private static void WriteKind(Utf8JsonWriter json, SystemItem item)
    {
        switch (item)
        {
            case WhisperItem whisper:
                json.WriteString("kind"u8, "whisper"u8);
                json.WriteStartObject("data"u8);
                json.WriteString("from"u8, whisper.From);
                json.WriteString("to"u8, whisper.To);
                json.WriteString("msg"u8, whisper.Msg);
                json.WriteBoolean("own"u8, whisper.Own);
                json.WriteEndObject();
                if (whisper.FromId is not null)
                    json.WriteString("from_id"u8, whisper.FromId);
                if (whisper.ToId is not null)
                    json.WriteString("to_id"u8, whisper.ToId);
                WriteParent(json, whisper.Parent);
                WriteMarks(json, whisper.Edited, whisper.IsDeleted, whisper.Reactions);
                break;
            case TopicItem topic:
                json.WriteString("kind"u8, "topic"u8);
                json.WriteStartObject("data"u8);
                json.WriteString("nick"u8, topic.Nick);
                json.WriteString("topic"u8, topic.Topic);
                json.WriteEndObject();
                break;
            case RenamedItem renamed:
                json.WriteString("kind"u8, "room_renamed"u8);
                json.WriteStartObject("data"u8);
                json.WriteString("nick"u8, renamed.Nick);
                json.WriteString("room"u8, renamed.Room ?? "lobby");
                if (renamed.Title is not null)
                    json.WriteString("title"u8, renamed.Title);
                json.WriteEndObject();
                break;
            case EnteredItem entered:
                json.WriteString("kind"u8, "entered"u8);
                json.WriteStartObject("data"u8);
                json.WriteString("room"u8, entered.Room ?? "lobby");
                if (entered.Title is not null)
                    json.WriteString("title"u8, entered.Title);
                json.WriteString("topic"u8, entered.Topic);
                json.WriteStartArray("users"u8);
                foreach (string user in entered.Users)
                    json.WriteStringValue(user);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case PartedItem parted:
                json.WriteString("kind"u8, "parted"u8);
                json.WriteStartObject("data"u8);
                json.WriteString("room"u8, parted.Room ?? "lobby");
                if (parted.By is not null)
                {
                    json.WriteString("by"u8, parted.By);
                    json.WriteString("reason"u8, parted.Reason);
                }

                json.WriteEndObject();
                break;
        }
    }

    private static void WriteParent(Utf8JsonWriter json, ItemParent? parent)
    {
        if (parent is null)
            return;
        json.WriteNumber("reply_to"u8, parent.Id);
        if (parent.Nick is not null)
            json.WriteString("reply_nick"u8, parent.Nick);
        if (parent.Msg is not null)
            json.WriteString("reply_msg"u8, parent.Msg);
    }

    /// <summary>Says what was done to a message.</summary>
    private static void WriteMarks(Utf8JsonWriter json, DateTimeOffset? edited, bool isDeleted, ItemReactions? reactions)
    {
        if (edited is { } at)
            json.WriteString("edited"u8, TimeText(at));
        if (isDeleted)
            json.WriteBoolean("deleted"u8, true);
        ReactionJson.Write(json, reactions);
    }

    private static void WritePair(Utf8JsonWriter json, ReadOnlySpan<byte> key, string nick, string text)
    {
        json.WriteStartObject("d"u8);
        json.WriteString("nick"u8, nick);
        json.WriteString(key, text);
        json.WriteEndObject();
    }

    private static string HtmlOf(SystemItem item) => item.Html ?? HtmlText.Of(item.Text);
}

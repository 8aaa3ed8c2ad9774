using System.Globalization;
using System.Text.Json;

namespace ErlChat.Protocol.Comet;

/// <summary>
/// Parses items: the counterpart of <see cref="CometJson"/>. An item that it does not understand becomes an <see cref="UnknownItem"/>,
/// never an error, so that one unexpected item does not stop a reader as it did in the original.
/// </summary>
public static class CometItemReader
{
    /// <summary>Parses the items of an answer, in order. Items that cannot be parsed are left out.</summary>
    /// <exception cref="JsonException">It is not a list, or none of its items can be parsed.</exception>
    public static IReadOnlyList<CometItem> ParseAll(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Array)
            throw new JsonException("Items are expected in a list.");
        var items = new List<CometItem>(response.GetArrayLength());
        JsonException? unreadable = null;
        foreach (JsonElement item in response.EnumerateArray())
        {
            try
            {
                items.Add(Parse(item));
            }
            catch (JsonException e)
            {
                unreadable = e;
            }
        }

        // Without any id, a reader cannot tell where to continue.
        return items.Count == 0 && unreadable is not null ? throw unreadable : items;
    }

    /// <summary>Parses one item.</summary>
    /// <exception cref="JsonException">It has no id, so a reader could not tell where to continue.</exception>
    public static CometItem Parse(JsonElement item)
    {
        try
        {
            return ParseObject(item);
        }
        catch (InvalidOperationException e)
        {
            // The parser checks names and strings only when they are read. These are not well-formed text.
            throw new JsonException("An item cannot be read.", e);
        }
    }

    private static CometItem ParseObject(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("id"u8, out JsonElement number)
            || number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out long id))
        {
            throw new JsonException("An item has no id.");
        }

        string type = Text(item, "t"u8) ?? "";
        string? room = Text(item, "room"u8);
        DateTimeOffset at = TimeOf(item);
        item.TryGetProperty("d"u8, out JsonElement d);
        return Known(item, type, id, at, room, d) ?? new UnknownItem(id, at, room, type, item.GetRawText());
    }

    private static CometItem? Known(JsonElement item, string type, long id, DateTimeOffset at, string? room, JsonElement d) => type switch
    {
        "user_joined_room" when Own(d) is { } nick => new UserJoinedItem(id, at, room, nick, Texts(item, "rooms"u8))
        {
            IsBack = IsTrue(item, "back"u8),
        },
        "user_left_room" when Text(d, "nick"u8) is { } nick =>
            new UserLeftItem(id, at, room, nick, Text(d, "reason"u8) ?? "", Texts(item, "rooms"u8))
            {
                IsOffline = IsTrue(item, "offline"u8),
            },
        "chat_msg" or "sent_chat_msg" when Text(d, "nick"u8) is { } nick && Text(d, "msg"u8) is { } msg =>
            new ChatItem(id, at, room, nick, msg, type == "sent_chat_msg", IsTrue(item, "action"u8))
            {
                Parent = ParentOf(item),
                Edited = EditedOf(item),
                IsDeleted = IsTrue(item, "deleted"u8),
                Reactions = ReactionJson.Read(item),
            },
        "admin_logged_in" or "admin_logged_out" when Own(d) is { } nick => new AdminItem(id, at, nick, type == "admin_logged_in"),
        "read" when d.ValueKind == JsonValueKind.Object && d.TryGetProperty("up_to"u8, out JsonElement upTo)
            && upTo.ValueKind == JsonValueKind.Number && upTo.TryGetInt64(out long read) =>
            new ReadItem(id, at, room, Text(d, "with"u8), read),
        "preferences" => new PreferencesItem(id, at),
        "message_edited" when MessageOf(d) is { } message && Text(d, "nick"u8) is { } nick && Text(d, "msg"u8) is { } msg =>
            new EditedItem(id, at, room, message, nick, msg, IsTrue(d, "action"u8)) { With = Text(d, "with"u8) },
        "message_removed" when MessageOf(d) is { } message && Text(d, "nick"u8) is { } nick =>
            new RemovedItem(id, at, room, message, nick, IsTrue(d, "by_moderator"u8)) { With = Text(d, "with"u8) },
        "message_pinned" when MessageOf(d) is { } message && Text(d, "nick"u8) is { } nick =>
            new PinItem(id, at, room, message, nick, IsTrue(d, "on"u8)) { Unpinned = NumberOf(d, "unpinned"u8) },
        "away" when Text(d, "nick"u8) is { } nick && Text(d, "user_id"u8) is { } userId =>
            new AwayItem(id, at, nick, userId, IsTrue(d, "on"u8)),
        "reaction" when MessageOf(d) is { } message =>
            new ReactionItem(id, at, room, message, ReactionJson.Changes(d)) { With = Text(d, "with"u8) },
        "reactions" when MessageOf(d) is { } message =>
            new ReactionsItem(id, at, room, message, ReactionJson.Counts(d)) { With = Text(d, "with"u8) },
        "system_msg" when Own(d) is { } text => OfKind(item, id, at, room) ?? SystemOf(id, at, room, text, Text(item, "text"u8)),
        _ => null,
    };

    /// <summary>The newer kinds of item that are sent as messages from the server; null if it is only a message.</summary>
    private static SystemItem? OfKind(JsonElement item, long id, DateTimeOffset at, string? room)
    {
        if (Text(item, "kind"u8) is not { } kind || !item.TryGetProperty("data"u8, out JsonElement data))
            return null;
        return kind switch
        {
            "whisper" when Text(data, "from"u8) is { } from && Text(data, "to"u8) is { } to && Text(data, "msg"u8) is { } msg =>
                new WhisperItem(id, at, from, to, msg, IsTrue(data, "own"u8), Text(item, "from_id"u8), Text(item, "to_id"u8))
                {
                    Parent = ParentOf(item),
                    Edited = EditedOf(item),
                    IsDeleted = IsTrue(item, "deleted"u8),
                    Reactions = ReactionJson.Read(item),
                },
            "topic" when Text(data, "nick"u8) is { } nick => new TopicItem(id, at, room, nick, Text(data, "topic"u8) ?? ""),
            "room_renamed" when Text(data, "nick"u8) is { } nick => new RenamedItem(id, at, room, nick, Text(data, "title"u8)),
            "entered" => new EnteredItem(id, at, room, Text(data, "topic"u8) ?? "", Texts(data, "users"u8) ?? [], Text(data, "title"u8)),
            "parted" => new PartedItem(id, at, room, Text(data, "by"u8), Text(data, "reason"u8) ?? ""),
            _ => null,
        };
    }

    private static SystemItem SystemOf(long id, DateTimeOffset at, string? room, string d, string? text) =>
        text is null ? new SystemItem(id, at, room, d) : new SystemItem(id, at, room, text, d);

    private static DateTimeOffset TimeOf(JsonElement item) => TimeOf(item, "at"u8) ?? default;

    private static DateTimeOffset? EditedOf(JsonElement item) => TimeOf(item, "edited"u8);

    private static DateTimeOffset? TimeOf(JsonElement item, ReadOnlySpan<byte> name) =>
        DateTimeOffset.TryParse(Text(item, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? at
            : null;

    private static ItemParent? ParentOf(JsonElement item) => NumberOf(item, "reply_to"u8) is { } parent
        ? new ItemParent(parent, Text(item, "reply_nick"u8), Text(item, "reply_msg"u8))
        : null;

    private static long? MessageOf(JsonElement d) => NumberOf(d, "message"u8);

    internal static long? NumberOf(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : null;

    /// <summary>The string; null for another kind of value, and for a string that is not well-formed text.</summary>
    private static string? Own(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, or bytes that are not UTF-8. The parser checks strings only when they are read.
            return null;
        }
    }

    internal static string? Text(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement text) ? Own(text) : null;

    internal static bool IsTrue(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

    internal static string[]? Texts(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(Own).OfType<string>()]
            : null;
}

using System.Globalization;
using System.Text.Json;

namespace ErlChat.Protocol.Comet;

/// <summary>
/// Bytes to items: the other side of <see cref="CometJson"/>. What it does not understand becomes an <see cref="UnknownItem"/>, never an error: one odd item must
/// not end a reader, as it did the original's.
/// </summary>
public static class CometItemReader
{
    /// <summary>The items of an answer, in its order. One that cannot be read is left out.</summary>
    /// <exception cref="JsonException">It is no list, or none of its items can be read.</exception>
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

        // A reader could not go on behind them.
        return items.Count == 0 && unreadable is not null ? throw unreadable : items;
    }

    /// <summary>One item.</summary>
    /// <exception cref="JsonException">It has no id, so that a reader could not go on behind it.</exception>
    public static CometItem Parse(JsonElement item)
    {
        try
        {
            return ParseObject(item);
        }
        catch (InvalidOperationException e)
        {
            // The parser looks at names and strings only when they are asked for; these are no well-formed text.
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
        "user_joined_room" when Own(d) is { } nick => new UserJoinedItem(id, at, room, nick),
        "user_left_room" when Text(d, "nick"u8) is { } nick => new UserLeftItem(id, at, room, nick, Text(d, "reason"u8) ?? "", Texts(item, "rooms"u8)),
        "chat_msg" or "sent_chat_msg" when Text(d, "nick"u8) is { } nick && Text(d, "msg"u8) is { } msg =>
            new ChatItem(id, at, room, nick, msg, type == "sent_chat_msg", IsTrue(item, "action"u8)),
        "admin_logged_in" or "admin_logged_out" when Own(d) is { } nick => new AdminItem(id, at, nick, type == "admin_logged_in"),
        "system_msg" when Own(d) is { } text => OfKind(item, id, at, room) ?? SystemOf(id, at, room, text, Text(item, "text"u8)),
        _ => null,
    };

    /// <summary>The newer kinds of item that travel as words of the server; null for what is no more than that.</summary>
    private static SystemItem? OfKind(JsonElement item, long id, DateTimeOffset at, string? room)
    {
        if (Text(item, "kind"u8) is not { } kind || !item.TryGetProperty("data"u8, out JsonElement data))
            return null;
        return kind switch
        {
            "whisper" when Text(data, "from"u8) is { } from && Text(data, "to"u8) is { } to && Text(data, "msg"u8) is { } msg =>
                new WhisperItem(id, at, from, to, msg, IsTrue(data, "own"u8), Text(item, "from_id"u8), Text(item, "to_id"u8)),
            "topic" when Text(data, "nick"u8) is { } nick => new TopicItem(id, at, room, nick, Text(data, "topic"u8) ?? ""),
            "entered" => new EnteredItem(id, at, room, Text(data, "topic"u8) ?? "", Texts(data, "users"u8) ?? []),
            "parted" => new PartedItem(id, at, room),
            _ => null,
        };
    }

    private static SystemItem SystemOf(long id, DateTimeOffset at, string? room, string d, string? text) =>
        text is null ? new SystemItem(id, at, room, d) : new SystemItem(id, at, room, text, d);

    private static DateTimeOffset TimeOf(JsonElement item) =>
        DateTimeOffset.TryParse(Text(item, "at"u8), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : default;

    /// <summary>The string; null for another value, and for a string that is no well-formed text.</summary>
    private static string? Own(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate or bytes that are no UTF-8: the parser looks at strings only when they are asked for.
            return null;
        }
    }

    private static string? Text(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement text) ? Own(text) : null;

    private static bool IsTrue(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

    private static string[]? Texts(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(Own).OfType<string>()]
            : null;
}

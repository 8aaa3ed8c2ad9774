using System.Text.Json;

namespace ErlChat.Protocol.Comet;

/// <summary>Writes and reads the parts of items that are about reactions.</summary>
internal static class ReactionJson
{
    internal static void WriteData(Utf8JsonWriter json, ReactionItem item)
    {
        Begin(json, item.Message, item.With);
        json.WriteStartArray("changes"u8);
        foreach (ReactionItemChange change in item.Changes)
        {
            json.WriteStartObject();
            json.WriteString("emoji"u8, change.Emoji);
            json.WriteString("user"u8, change.User);
            json.WriteString("nick"u8, change.Nick);
            json.WriteBoolean("on"u8, change.On);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteData(Utf8JsonWriter json, ReactionsItem item)
    {
        Begin(json, item.Message, item.With);
        WriteCounts(json, item.Reactions);
        json.WriteEndObject();
    }

    /// <summary>Writes the reactions to a message of the history; nothing if there are none.</summary>
    internal static void Write(Utf8JsonWriter json, ItemReactions? reactions)
    {
        if (reactions is null)
            return;
        if (reactions.All.Count > 0)
            WriteCounts(json, reactions.All);
        json.WriteNumber("reacted"u8, reactions.Through);
    }

    /// <summary>The reactions to a message of the history; null if there never were any.</summary>
    internal static ItemReactions? Read(JsonElement item) =>
        CometItemReader.NumberOf(item, "reacted"u8) is { } through ? new ItemReactions(through, Counts(item)) : null;

    /// <summary>The counts in an object; those that cannot be read are left out.</summary>
    internal static IReadOnlyList<ReactionItemCount> Counts(JsonElement owner) =>
    [
        .. Objects(owner, "reactions"u8)
            .Select(static one => CometItemReader.Text(one, "emoji"u8) is { } emoji && CometItemReader.NumberOf(one, "count"u8) is { } count
                ? new ReactionItemCount(
                    emoji,
                    (int)Math.Clamp(count, 0, int.MaxValue),
                    CometItemReader.IsTrue(one, "mine"u8),
                    CometItemReader.Texts(one, "nicks"u8) ?? [])
                : null)
            .OfType<ReactionItemCount>(),
    ];

    /// <summary>The changes in an object; those that cannot be read are left out.</summary>
    internal static IReadOnlyList<ReactionItemChange> Changes(JsonElement owner) =>
    [
        .. Objects(owner, "changes"u8)
            .Select(static one => CometItemReader.Text(one, "emoji"u8) is { } emoji && CometItemReader.Text(one, "user"u8) is { } user
                && CometItemReader.Text(one, "nick"u8) is { } nick
                ? new ReactionItemChange(emoji, user, nick, CometItemReader.IsTrue(one, "on"u8))
                : null)
            .OfType<ReactionItemChange>(),
    ];

    private static void Begin(Utf8JsonWriter json, long message, string? with)
    {
        json.WriteStartObject("d"u8);
        json.WriteNumber("message"u8, message);
        if (with is not null)
            json.WriteString("with"u8, with);
    }

    private static void WriteCounts(Utf8JsonWriter json, IReadOnlyList<ReactionItemCount> all)
    {
        json.WriteStartArray("reactions"u8);
        foreach (ReactionItemCount one in all)
        {
            json.WriteStartObject();
            json.WriteString("emoji"u8, one.Emoji);
            json.WriteNumber("count"u8, one.Count);
            json.WriteBoolean("mine"u8, one.Mine);
            json.WriteStartArray("nicks"u8);
            foreach (string nick in one.Nicks)
                json.WriteStringValue(nick);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static JsonElement.ArrayEnumerator Objects(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : default;
}

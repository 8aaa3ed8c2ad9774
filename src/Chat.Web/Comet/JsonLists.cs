using System.Text.Json;
using ErlChat.State;

namespace ErlChat.Web.Comet;

/// <summary>Arrays, which the writer has no call for.</summary>
internal static class JsonLists
{
    internal static void WriteStrings(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        json.WritePropertyName(name);
        json.WriteStringValues(values);
    }

    internal static void WriteStringValues(this Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>An array of objects.</summary>
    /// <param name="write">Writes an item's members.</param>
    internal static void WriteObjects<T>(this Utf8JsonWriter json, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray();
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <inheritdoc cref="WriteObjects{T}(Utf8JsonWriter, IEnumerable{T}, Action{Utf8JsonWriter, T})"/>
    internal static void WriteObjects<T>(
        this Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        IEnumerable<T> items,
        Action<Utf8JsonWriter, T> write)
    {
        json.WritePropertyName(name);
        json.WriteObjects(items, write);
    }

    /// <summary>The members that say what a room is.</summary>
    internal static void WriteRoom(this Utf8JsonWriter json, RoomView room)
    {
        json.WriteString("name"u8, room.Name);
        json.WriteString("topic"u8, room.Topic);
        json.WriteNumber("members"u8, room.Members);
    }

    /// <summary>The members that say whom a ban keeps out.</summary>
    internal static void WriteBan(this Utf8JsonWriter json, Ban ban)
    {
        json.WriteString("host"u8, ban.Host);
        json.WriteString("nick"u8, ban.Nick);
        json.WriteString("reason"u8, ban.Reason);
        json.WriteString("until"u8, ban.Until.UtcDateTime);
    }
}

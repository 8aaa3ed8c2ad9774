using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ErlChat.Client;

namespace ErlChat.Terminal.Output;

/// <summary>
/// Formats events as JSON for scripts: <c>{"event":"said","id":…}</c>, with member names in snake case and one object per line.
/// </summary>
internal static class EventJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new MissedConverter() },
    };

    internal static string Of(ChatEvent happened) => NodeOf(happened).ToJsonString(s_options);

    /// <summary>Formats something that is not a chat event: an anonymous object under a name.</summary>
    internal static string Of(string name, object members) =>
        Named(name, JsonSerializer.SerializeToNode(members, s_options)!.AsObject()).ToJsonString(s_options);

    private static JsonObject NodeOf(ChatEvent happened) =>
        Named(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(happened.GetType().Name),
            JsonSerializer.SerializeToNode(happened, happened.GetType(), s_options)!.AsObject());

    private static JsonObject Named(string name, JsonObject members)
    {
        members.Insert(0, "event", name);
        return members;
    }

    /// <summary>Writes events that are nested in an event, with their names.</summary>
    private sealed class MissedConverter : JsonConverter<RoomEvent>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert == typeof(RoomEvent);

        public override RoomEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RoomEvent value, JsonSerializerOptions options) =>
            NodeOf(value).WriteTo(writer, options);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using ErlChat.Outcomes;
using ErlChat.Postings;
using ErlChat.Sessions;

namespace ErlChat.Tests;

/// <summary>Records as JSON by what they are, lists and subtypes included: records with lists in them are never equal by themselves.</summary>
internal static class Plain
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        Converters = { new ByRuntimeType<Outcome>(), new ByRuntimeType<Posting>(), new ByRuntimeType<MailContent>(), new KeyText(), new JsonStringEnumConverter() },
    };

    internal static string Of<T>(T value) => JsonSerializer.Serialize(value, s_options);

    internal static bool Same<T>(T one, T other) => Of(one) == Of(other);

    private sealed class ByRuntimeType<T> : JsonConverter<T>
        where T : class
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert == typeof(T);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WritePropertyName(value.GetType().Name);
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
            writer.WriteEndObject();
        }
    }

    private sealed class KeyText : JsonConverter<SessionKey>
    {
        public override SessionKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, SessionKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

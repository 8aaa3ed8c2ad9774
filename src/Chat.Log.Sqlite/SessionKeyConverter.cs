using System.Text.Json;
using System.Text.Json.Serialization;
using ErlChat.Sessions;

namespace ErlChat.Sqlite;

/// <summary>Session keys as their 64 hexadecimal digits.</summary>
internal sealed class SessionKeyConverter : JsonConverter<SessionKey>
{
    public override SessionKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return SessionKey.Parse(reader.GetString()!);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, SessionKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

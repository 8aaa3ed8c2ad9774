using System.Text.Json;

namespace ErlChat.Web.Comet;

/// <summary>Arrays of strings, which the writer has no call for.</summary>
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
}

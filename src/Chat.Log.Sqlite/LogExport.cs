using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>The entries as JSON lines: sequence, kind, origin, counter, at, body.</summary>
internal static class LogExport
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static int Run(string path, TextWriter output)
    {
        using SqliteConnection connection = ChatDatabase.Connect(path, SqliteOpenMode.ReadOnly);
        if (!Schema.IsThere(connection, path))
            return 0;
        using SqliteCommand command = connection.Command("SELECT sequence, kind, origin, counter, at, body FROM entry ORDER BY sequence");
        using SqliteDataReader rows = command.ExecuteReader();
        using var line = new MemoryStream();
        while (rows.Read())
        {
            line.SetLength(0);
            using (var json = new Utf8JsonWriter(line, s_options))
                Write(json, rows.GetInt64(0), EntryRows.Of(rows));
            output.WriteLine(System.Text.Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
        }

        return 0;
    }

    private static void Write(Utf8JsonWriter json, long sequence, EntryRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", sequence);
        json.WriteString("kind", row.Kind);
        json.WriteString("origin", row.Origin);
        json.WriteNumber("counter", row.Counter);
        json.WriteString("at", UnixTime.At(row.At));
        json.WritePropertyName("body");
        WriteBody(json, row.Body);
        json.WriteEndObject();
    }

    /// <summary>The body as it is; as a string when it is damaged, since an export is wanted most when something is.</summary>
    private static void WriteBody(Utf8JsonWriter json, string body)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(body);
            parsed.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(body);
        }
    }
}

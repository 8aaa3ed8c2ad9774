using System.Text.Encodings.Web;
using System.Text.Json;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Tool;

/// <summary>
/// Writes the entries as JSON lines: sequence, kind, origin, counter, at, body. A damaged entry also has its <c>problem</c>, so that no
/// import takes it for what was written.
/// </summary>
internal static class LogExport
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static int Run(ToolCall call)
    {
        using SqliteConnection connection = FileConnection.Open(call.Path, SqliteOpenMode.ReadOnly);
        if (!Schema.IsThere(connection, call.Path, orBackup: true))
            return 0;
        (long written, long unsound) = (0, 0);
        using var line = new MemoryStream();
        var walk = new EntryWalk(connection, call.Cancelled);
        foreach (StoredEntry stored in walk.Run())
        {
            line.SetLength(0);
            using (var json = new Utf8JsonWriter(line, s_options))
                Write(json, stored);
            call.Output.WriteLine(System.Text.Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
            unsound += stored.IsSound ? 0 : 1;
            if (++written % 1000 == 0)
                call.Progress.Report("Entries written", written, 0);
        }

        call.Progress.End();
        foreach ((long from, long to) in walk.Lost)
            call.Complain($"Entries {from} to {to} cannot be read; `log salvage` may find some of them.");
        if (unsound > 0)
            call.Complain($"{unsound} entries are not what was written; their lines say so.");
        return walk.Lost.Count == 0 && unsound == 0 ? 0 : 1;
    }

    private static void Write(Utf8JsonWriter json, StoredEntry stored)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", stored.Sequence);
        json.WriteString("kind", stored.Row.Kind);
        json.WriteString("origin", stored.Row.Origin);
        json.WriteNumber("counter", stored.Row.Counter);
        json.WriteString("at", UnixTime.TryAt(stored.Row.At) ?? default);
        json.WritePropertyName("body");
        WriteBody(json, stored.Row.Body ?? "");
        if (stored.Problem is { } problem)
            json.WriteString("problem", problem);
        json.WriteEndObject();
    }

    /// <summary>The body as JSON, or as a string if it is damaged, since an export matters most when something is damaged.</summary>
    private static void WriteBody(Utf8JsonWriter json, string body)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(body);
            json.WriteRawValue(parsed.RootElement.GetRawText());
        }
        catch (JsonException)
        {
            json.WriteStringValue(body);
        }
    }
}

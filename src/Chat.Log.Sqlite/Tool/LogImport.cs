using System.Globalization;
using System.Text.Json;
using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Tool;

/// <summary>Creates a database from the lines that <see cref="LogExport"/> writes. It imports all of them or none.</summary>
internal static class LogImport
{
    /// <param name="source">The file with the lines; <c>-</c> for standard input.</param>
    /// <param name="replace">Whether an existing database may be replaced.</param>
    internal static int Run(ToolCall call, string source, bool replace)
    {
        FileModes.CreateFolder(Path.GetDirectoryName(call.Path)!);
        using DatabaseLock taken = DatabaseLock.Take(call.Path);
        if (new FileInfo(call.Path + "-wal").Exists)
            throw new ToolUseException($"{call.Path}-wal belongs to another database. Move it away together with that database.");
        using TextReader lines = source == "-" ? Console.In : new StreamReader(source);
        using var file = new NewFile(call.Path, replace);
        long entries;
        long messages;
        using (SqliteConnection connection = file.Connect())
        {
            Schema.Create(connection, Guid.NewGuid().ToString("N"));
            connection.Execute("BEGIN");
            (entries, long first, long last) = Insert(call, source, lines, connection);
            if (entries == 0)
                throw new LogStartException($"{source} has no entries. Nothing was imported.");
            messages = HistoryRebuild.Run(connection, (done, all) => call.Progress.Report("Folding", done, all), call.Cancelled).Messages;
            LogTimeline.Begin(connection, LogTimeline.FirstFor(last, call.Time));
            connection.Execute("COMMIT");
            call.Progress.End();
            if (first > 1)
            {
                const string Unknown = "Sessions, rooms and bans from earlier entries are unknown, as are those sessions' messages.";
                call.Complain($"The first entry is {first}. {Unknown}");
            }
        }

        file.Place(replace);
        call.Say($"{call.Path}: {entries} entries, {messages} messages.");
        return 0;
    }

    private static (long Count, long First, long Last) Insert(ToolCall call, string source, TextReader lines, SqliteConnection connection)
    {
        (long count, long first, long last) = (0, 0, 0);
        using var insert = new EntryInsert(connection);
        for (long number = 1; lines.ReadLine() is { } line; number++)
        {
            call.Cancelled.ThrowIfCancellationRequested();
            if (line.Length == 0)
                continue;
            string place = string.Create(CultureInfo.InvariantCulture, $"{source}, line {number}");
            (long sequence, EntryRow row) = Parse(
                line, last, problem => new LogStartException($"{place}: {problem} Nothing was imported."));
            insert.Run(sequence, row);
            last = sequence;
            if (count++ == 0)
                first = sequence;
            if (count % 1000 == 0)
                call.Progress.Report("Entries read", count, 0);
        }

        return (count, first, last);
    }

    private static (long Sequence, EntryRow Row) Parse(string line, long above, Func<string, Exception> refuse)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(line);
            JsonElement entry = parsed.RootElement;
            if (entry.TryGetProperty("problem", out JsonElement problem))
                throw refuse($"The entry was damaged when it was exported ({problem}). If you remove its line, the rest can be imported.");
            long sequence = entry.GetProperty("sequence").GetInt64();
            if (sequence <= above)
                throw refuse($"Entry {sequence} does not come after {above}.");
            var row = new EntryRow(
                entry.GetProperty("kind").GetString() ?? "",
                entry.GetProperty("origin").GetString() ?? "",
                entry.GetProperty("counter").GetInt64(),
                UnixTime.Of(entry.GetProperty("at").GetDateTimeOffset()),
                entry.GetProperty("body").GetRawText());
            EntryCodec.Decode(row);
            return (sequence, row);
        }
        catch (Exception e) when (EntryRows.IsUnreadable(e) || e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw refuse(e is KeyNotFoundException ? "It is no entry: something is missing." : e.Message.ReplaceLineEndings(" "));
        }
    }
}

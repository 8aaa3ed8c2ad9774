using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>Reads everything there is in a database and says what is wrong with it.</summary>
internal static class LogVerify
{
    internal static int Run(string path, TextWriter output)
    {
        using SqliteConnection connection = ChatDatabase.Connect(path, SqliteOpenMode.ReadOnly);
        if (!Schema.IsThere(connection, path))
            throw new LogStartException($"{path} is empty.");
        int problems = CheckPages(connection, output);
        if (problems == 0)
            problems = CheckEntries(connection, output) + CheckSnapshots(connection, output) + CheckMessages(connection, output);
        output.WriteLine(problems == 0 ? "All is well." : string.Create(CultureInfo.InvariantCulture, $"{problems} problems."));
        return problems == 0 ? 0 : 1;
    }

    private static int CheckPages(SqliteConnection connection, TextWriter output)
    {
        int problems = 0;
        using SqliteCommand command = connection.Command("PRAGMA integrity_check");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (rows.GetString(0) == "ok")
                continue;
            output.WriteLine($"Pages: {rows.GetString(0)}");
            problems++;
        }

        return problems;
    }

    private static int CheckEntries(SqliteConnection connection, TextWriter output)
    {
        int problems = 0;
        (long count, long first, long last) = (0, 0, 0);
        using SqliteCommand command = connection.Command("SELECT sequence, kind, origin, counter, at, body FROM entry ORDER BY sequence");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            count++;
            last = rows.GetInt64(0);
            if (count == 1)
                first = last;
            try
            {
                EntryCodec.Decode(EntryRows.Of(rows));
            }
            catch (Exception e) when (e is JsonException or InvalidCastException or NotSupportedException or ArgumentException)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Entry {last}: {e.Message}"));
                problems++;
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} entries, {first} to {last}."));
        return problems;
    }

    private static int CheckSnapshots(SqliteConnection connection, TextWriter output)
    {
        int problems = 0;
        using SqliteCommand command = connection.Command("SELECT sequence, format, CAST(sha256 AS BLOB), CAST(image AS BLOB) FROM snapshot ORDER BY sequence");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (SnapshotCodec.TryDecode(rows.GetInt64(1), (byte[])rows[3], (byte[])rows[2], out string? problem) is { } image)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Snapshot of {image.Sequence}: {image.Sessions.Count} sessions, {image.Rooms.Count} rooms."));
                continue;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Snapshot of {rows.GetInt64(0)}: {problem}."));
            problems++;
        }

        return problems;
    }

    /// <summary>Looks for a word of each of a thousand messages in the search index. All of them would take minutes, and FTS5's own check wants to write.</summary>
    private static int CheckMessages(SqliteConnection connection, TextWriter output)
    {
        long messages = connection.Scalar<long>("SELECT count(*) FROM message");
        if (SearchIndex.IsDetached(connection))
        {
            long through = connection.Scalar<long>("SELECT max(value, 0) FROM meta WHERE key = 'indexed_through'");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{messages} messages. The search index is being made anew, up to message {through} so far; it was not checked."));
            return 0;
        }

        int problems = 0;
        using SqliteCommand command = connection.Command(
            "SELECT sequence, text FROM message WHERE kind <> 'topic' AND sequence % $step = 0 ORDER BY sequence", ("$step", Math.Max(1, messages / 1000)));
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            // ASCII only: about other letters this program and SQLite may disagree.
            string? word = rows.GetString(1).Split(' ').FirstOrDefault(one => one.Length is > 0 and < 100 && one.All(char.IsAsciiLetterOrDigit));
            if (word is null)
                continue;
            long found = connection.Scalar<long>(
                "SELECT count(*) FROM message_text WHERE message_text MATCH $word AND rowid = $sequence", ("$word", $"\"{word}\""), ("$sequence", rows.GetInt64(0)));
            if (found == 1)
                continue;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Message {rows.GetInt64(0)} is not in the search index."));
            problems++;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{messages} messages."));
        return problems;
    }
}

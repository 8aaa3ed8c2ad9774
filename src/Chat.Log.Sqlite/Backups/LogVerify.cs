using System.Globalization;
using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.History;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Backups;

/// <summary>Reads a whole database and reports what is wrong with it.</summary>
/// <param name="connection">A connection to the database, which is only read.</param>
/// <param name="output">Receives the findings, one per line, and the counts.</param>
/// <param name="progress">Called with the number of entries read so far and the total.</param>
/// <param name="cancelled">Cancels the check.</param>
internal sealed class LogVerify(SqliteConnection connection, TextWriter output, Action<long, long> progress, CancellationToken cancelled)
{
    /// <summary>How many findings are reported one by one; the rest are only counted.</summary>
    private const int MaxTold = 100;

    private int _problems;

    /// <summary>The number of entries read.</summary>
    internal long Entries { get; private set; }

    /// <summary>The sequence of the newest entry.</summary>
    internal long Newest { get; private set; }

    /// <summary>Checks everything.</summary>
    /// <returns>The number of problems.</returns>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    internal int Run()
    {
        using var interruption = new Interruption(connection, cancelled, () => progress(Entries, Math.Max(Entries, 1)));
        try
        {
            CheckPages();
            CheckEntries();
            if (_problems == 0)
            {
                CheckSnapshots();
                CheckMessages();
                CheckIndex();
            }
        }
        catch (SqliteException e)
        {
            interruption.ThrowIfGivenUp();
            Tell($"Pages: {e.Message}");
        }

        if (_problems > MaxTold)
            Say($"And {_problems - MaxTold} more.");
        return _problems;
    }

    private void Tell(FormattableString finding)
    {
        if (_problems++ < MaxTold)
            output.WriteLine(finding.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings(" "));
    }

    private void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private void CheckPages()
    {
        using SqliteCommand command = connection.Command("PRAGMA integrity_check");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (rows.GetString(0) != "ok")
                Tell($"Pages: {rows.GetString(0)}");
        }
    }

    private void CheckEntries()
    {
        (long first, long unchecksummed) = (0, 0);
        long all = connection.Scalar<long>("SELECT count(*) FROM entry");
        var walk = new EntryWalk(connection, cancelled);
        foreach (StoredEntry stored in walk.Run())
        {
            if (++Entries % 1000 == 0)
                progress(Entries, all);
            Newest = stored.Sequence;
            if (Entries == 1)
                first = Newest;
            if (stored.Problem is not null)
                Tell($"Entry {stored.Sequence}: {stored.Problem}");
            else if (stored.Checksum is null)
                unchecksummed++;
        }

        foreach ((long from, long to) in walk.Lost)
            Tell($"Entries {from} to {to} cannot be read.");
        Say($"{Entries} entries, {first} to {Newest}.");
        if (unchecksummed > 0)
            Say($"{unchecksummed} of them are without a checksum, because an older version wrote them; `log compact` adds it.");
    }

    private void CheckSnapshots()
    {
        using SqliteCommand command = connection.Command(
            "SELECT sequence, format, CAST(sha256 AS BLOB), CAST(image AS BLOB) FROM snapshot ORDER BY sequence");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (SnapshotCodec.TryDecode(rows.GetInt64(1), (byte[])rows[3], (byte[])rows[2], out string? problem) is { } image)
                Say($"Snapshot of {image.Sequence}: {image.Sessions.Count} sessions, {image.Rooms.Count} rooms.");
            else
                Tell($"Snapshot of {rows.GetInt64(0)}: {problem}.");
        }
    }

    /// <summary>
    /// Checks that the messages in the history have the text of their entries, those that were edited that of their last edit, and those
    /// that were deleted none.
    /// </summary>
    private void CheckMessages()
    {
        string changes = SchemaUpgrade.VersionOf(connection) < Schema.WithChanges
            ? "(SELECT 0 AS message, 0 AS sequence, 0 AS kind WHERE false)"
            : "message_change";
        using SqliteCommand command = connection.Command(
            $"""
            SELECT e.*, m.text, m.sequence, coalesce(c.kind, 0) FROM message m LEFT JOIN {changes} c ON c.message = m.sequence
                JOIN (SELECT {EntryRows.ColumnsIn(connection)} FROM entry) e
                    ON e.sequence = CASE WHEN c.kind = 0 THEN c.sequence ELSE m.sequence END
            ORDER BY m.sequence
            """);
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            string text = rows.GetString(7);
            bool isDeleted = rows.GetInt64(9) > 0;
            if (isDeleted ? text.Length > 0 : !EntryWords.Are(EntryRows.Decode(rows), text))
                Tell($"Message {rows.GetInt64(8)} is not what its entry says.");
        }
    }

    /// <summary>
    /// Looks up a part of each of a thousand messages in the search index. Checking all of them would take minutes.
    /// </summary>
    private void CheckIndex()
    {
        long messages = connection.Scalar<long>("SELECT count(*) FROM message");
        if (SchemaUpgrade.VersionOf(connection) < Schema.WithPartsOfWords)
        {
            Say($"{messages} messages. The search index has an older version, and is rebuilt after the next start; it was not checked.");
            return;
        }

        if (SearchIndex.IsDetached(connection))
        {
            long through = Math.Max(0, SearchIndex.Through(connection));
            Say($"{messages} messages. The search index is being made anew, up to message {through} so far; it was not checked.");
            return;
        }

        using SqliteCommand command = connection.Command(
            "SELECT sequence, text FROM message WHERE kind <> 'topic' AND sequence % $step = 0 ORDER BY sequence",
            ("$step", Math.Max(1, messages / 1000)));
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (!SearchIndex.Has(connection, rows.GetInt64(0), rows.GetString(1)))
                Tell($"Message {rows.GetInt64(0)} is not in the search index.");
        }

        Say($"{messages} messages.");
    }
}

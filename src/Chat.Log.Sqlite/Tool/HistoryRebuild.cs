using ErlChat.Forgetting;
using ErlChat.History;
using ErlChat.Log;
using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Snapshots;
using ErlChat.State;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Tool;

/// <summary>
/// Rebuilds the tables of the history and the search index from the entries, in the caller's transaction. Some rows stay as they are: those
/// whose entry is missing or damaged, those from before the known state, and those whose entry has the same text but is not accepted by the
/// fold, because the entry of its session or room is lost.
/// </summary>
internal sealed class HistoryRebuild
{
    /// <summary>How many rows are collected before they are written: a few megabytes.</summary>
    private const int Batch = 5000;

    private readonly SqliteConnection _connection;
    private readonly HistorySink _collector = new();

    /// <summary>Sound entries that the fold does not turn into a message, and their text.</summary>
    private readonly List<(long Sequence, string? Words)> _silent = [];
    private readonly bool _replaces;
    private long _unsound;

    private HistoryRebuild(SqliteConnection connection)
    {
        _connection = connection;
        _replaces = connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM message) OR EXISTS (SELECT 1 FROM participant)") > 0;
    }

    /// <summary>Rebuilds everything.</summary>
    /// <param name="connection">A connection to a database of this version, in a transaction.</param>
    /// <param name="progress">Called with the number of entries folded so far and the total.</param>
    /// <param name="cancelled">Cancels the rebuild; the caller then rolls back.</param>
    internal static RebuiltHistory Run(SqliteConnection connection, Action<long, long> progress, CancellationToken cancelled)
    {
        SearchIndex.Detach(connection);
        var rebuild = new HistoryRebuild(connection);
        bool isKnown = rebuild.TryFold(progress, cancelled);
        SearchIndex.Rebuild(connection);

        // The log has no nick of an erased person, and the history shows one for it. The next start writes that again.
        connection.Execute("DELETE FROM meta WHERE key = $key", ("$key", StoredPrivacy.RedactedThrough));
        return new RebuiltHistory(connection.Scalar<long>("SELECT count(*) FROM message"), rebuild._unsound, isKnown);
    }

    /// <summary>
    /// Folds the entries and writes their messages. Returns false if entries were removed and there is no snapshot to start from.
    /// </summary>
    private bool TryFold(Action<long, long> progress, CancellationToken cancelled)
    {
        // A snapshot contains the effects of entries that are lost or were removed. From there on the fold is right, even if it was wrong
        // before.
        Queue<ChatStateImage> snapshots = new(Snapshots());
        long removed = SqliteSnapshots.RemovedThrough(_connection);
        if (removed > 0 && snapshots.Count == 0)
            return false;
        var fold = new HistoryFold(_collector);
        long from = removed > 0 ? snapshots.Peek().Sequence : 0;
        if (removed > 0)
            fold.Restart(snapshots.Dequeue());
        long all = _connection.Scalar<long>("SELECT count(*) FROM entry WHERE sequence > $from", ("$from", from));
        long done = 0;
        using SqliteCommand command = _connection.Command(
            $"SELECT {EntryRows.Columns} FROM entry WHERE sequence > $from ORDER BY sequence", ("$from", from));
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (++done % 1000 == 0)
            {
                progress(done, all);
                cancelled.ThrowIfCancellationRequested();
            }

            StoredEntry stored = EntryWalk.Of(rows);
            while (snapshots.TryPeek(out ChatStateImage? image) && image.Sequence < stored.Sequence)
                fold.Restart(snapshots.Dequeue());
            Apply(fold, stored);
            if (_collector.Rows.Count + _silent.Count >= Batch)
                Write();
        }

        Write();
        return true;
    }

    private void Apply(HistoryFold fold, StoredEntry stored)
    {
        if (stored.Entry is not { } entry)
        {
            _unsound++;
            return;
        }

        int before = _collector.Rows.Count;
        fold.Apply(new LogEntry(stored.Sequence, entry));
        if (_replaces && _collector.Rows.Count == before)
            _silent.Add((stored.Sequence, EntryWords.Of(entry)));
    }

    private void Write()
    {
        if (_replaces)
            RemoveOld();
        HistoryInsert.Run(_connection, [.. _collector.Rows]);
        _collector.Clear();
        _silent.Clear();
    }

    private void RemoveOld()
    {
        using var message = new Statement(_connection, "DELETE FROM message WHERE sequence = ?");
        using var participant = new Statement(_connection, "DELETE FROM participant WHERE sequence = ?");
        using var change = new Statement(_connection, "DELETE FROM message_change WHERE message = ?");
        using var earlier = new Statement(_connection, "DELETE FROM earlier_text WHERE message = ?");
        using var reaction = new Statement(_connection, "DELETE FROM reaction WHERE message = ?");
        using var reacted = new Statement(_connection, "DELETE FROM message_reacted WHERE message = ?");
        foreach (HistoryRow row in _collector.Rows.Where(static row => row.IsItem))
        {
            reaction.Bind(1, row.Mail.Sequence).Run();
            reacted.Bind(1, row.Mail.Sequence).Run();
            change.Bind(1, row.Mail.Sequence).Run();
            earlier.Bind(1, row.Mail.Sequence).Run();
            message.Bind(1, row.Mail.Sequence).Run();
            participant.Bind(1, row.Mail.Sequence).Run();
        }

        // The text of a message that was edited is not that of its entry.
        using var other = new Statement(
            _connection,
            "DELETE FROM message WHERE sequence = ? AND text IS NOT ? AND sequence NOT IN (SELECT message FROM message_change)");
        using var orphan = new Statement(
            _connection, "DELETE FROM participant WHERE sequence = ? AND sequence NOT IN (SELECT sequence FROM message)");
        foreach ((long sequence, string? words) in _silent)
        {
            other.Bind(1, sequence).Bind(2, words).Run();
            orphan.Bind(1, sequence).Run();
        }
    }

    private List<ChatStateImage> Snapshots()
    {
        var images = new List<ChatStateImage>();
        using SqliteCommand command = _connection.Command(
            "SELECT format, CAST(sha256 AS BLOB), CAST(image AS BLOB) FROM snapshot ORDER BY sequence");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (SnapshotCodec.TryDecode(rows.GetInt64(0), (byte[])rows[2], (byte[])rows[1], out _) is { } image)
                images.Add(image);
        }

        return images;
    }
}

/// <summary>The result of rebuilding the history.</summary>
/// <param name="Messages">The number of messages.</param>
/// <param name="Unsound">The number of entries that were changed after they were written, or cannot be decoded.</param>
/// <param name="IsKnown">Whether there was a state to start from; if not, the history is unchanged.</param>
internal readonly record struct RebuiltHistory(long Messages, long Unsound, bool IsKnown);

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
/// Makes the tables of the history and the search index anew from the entries, in a transaction of the caller's. Rows whose entry is not
/// there or not sound, or that were said before the state is known, stay as they are; so do those whose entry says the same, when the fold
/// does not accept it for want of a session or a room whose own entry is lost.
/// </summary>
internal sealed class HistoryRebuild
{
    /// <summary>Rows collected before they are written: a few megabytes.</summary>
    private const int Batch = 5000;

    private readonly SqliteConnection _connection;
    private readonly HistorySink _collector = new();

    /// <summary>Sound entries that the fold makes no message of, and what they say.</summary>
    private readonly List<(long Sequence, string? Words)> _silent = [];
    private readonly bool _replaces;
    private long _unsound;

    private HistoryRebuild(SqliteConnection connection)
    {
        _connection = connection;
        _replaces = connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM message) OR EXISTS (SELECT 1 FROM participant)") > 0;
    }

    /// <summary>Makes all anew.</summary>
    /// <param name="connection">To a database of this version, in a transaction.</param>
    /// <param name="progress">Told how many entries of how many are folded.</param>
    /// <param name="cancelled">Gives it up; the caller then rolls back.</param>
    internal static RebuiltHistory Run(SqliteConnection connection, Action<long, long> progress, CancellationToken cancelled)
    {
        SearchIndex.Detach(connection);
        var rebuild = new HistoryRebuild(connection);
        bool isKnown = rebuild.TryFold(progress, cancelled);
        SearchIndex.Rebuild(connection);
        return new RebuiltHistory(connection.Scalar<long>("SELECT count(*) FROM message"), rebuild._unsound, isKnown);
    }

    /// <summary>False when there is no state to begin with.</summary>
    private bool TryFold(Action<long, long> progress, CancellationToken cancelled)
    {
        // A snapshot knows what became of entries that are lost or were removed: from there on the fold is right, whatever it was before.
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
        foreach (HistoryRow row in _collector.Rows)
        {
            message.Bind(1, row.Mail.Sequence).Run();
            participant.Bind(1, row.Mail.Sequence).Run();
        }

        using var other = new Statement(_connection, "DELETE FROM message WHERE sequence = ? AND text IS NOT ?");
        using var orphan = new Statement(_connection, "DELETE FROM participant WHERE sequence = ? AND sequence NOT IN (SELECT sequence FROM message)");
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

/// <summary>What came of making the history anew.</summary>
/// <param name="Messages">How many messages there are.</param>
/// <param name="Unsound">Entries that are not what was written, or cannot be understood.</param>
/// <param name="IsKnown">Whether there was a state to begin with; if not, the history is as it was.</param>
internal readonly record struct RebuiltHistory(long Messages, long Unsound, bool IsKnown);

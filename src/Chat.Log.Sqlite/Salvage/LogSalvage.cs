using ErlChat.Snapshots;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.History;
using ErlChat.Sqlite.Snapshots;
using ErlChat.Sqlite.Tool;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Salvage;

/// <summary>
/// Builds a sound database from the readable parts of a damaged one, which stays unchanged. It takes the entries before and after the
/// damage, then those on pages that nothing refers to any more, the snapshots, and the members' credentials. It rebuilds the history from
/// the entries, and takes it from the old tables where the entries are lost.
/// </summary>
internal sealed class LogSalvage
{
    private readonly ToolCall _call;
    private readonly SqliteConnection _new;
    private readonly SqliteConnection? _old;
    private IReadOnlyList<(long From, long To)> _lost = [];
    private long _byTable;
    private long _byPage;
    private long _unsound;
    private long _removed;
    private long _highest;
    private long _credentials;
    private bool _hasAllCredentials;

    private LogSalvage(ToolCall call, SqliteConnection @new, SqliteConnection? old) => (_call, _new, _old) = (call, @new, old);

    /// <param name="target">The new database.</param>
    /// <param name="replace">Whether an existing file of that name may be replaced.</param>
    internal static int Run(ToolCall call, string target, bool replace)
    {
        if (target == call.Path)
            throw new ToolUseException($"{target} is the database itself: name a new file.");
        if (!File.Exists(call.Path) && !File.Exists(call.Path + "-wal"))
            throw new LogStartException($"{call.Path} does not exist.");
        using DatabaseLock taken = DatabaseLock.Take(call.Path);
        using var file = new NewFile(target, replace);
        bool isEmpty;
        using (SqliteConnection made = file.Connect())
        {
            Schema.Create(made, Guid.NewGuid().ToString("N"));
            using SqliteConnection? old = TryOpen(call);
            isEmpty = new LogSalvage(call, made, old).Run() == 0;
        }

        if (isEmpty)
            throw new LogStartException($"No entry was found in {call.Path}. No new database was created.");
        file.Place(replace);
        call.Output.WriteLine($"{target} is sound. `log restore {target}` puts it in place.");
        return 0;
    }

    /// <summary>Opens a connection that tolerates damage; null if SQLite cannot open the file at all.</summary>
    private static SqliteConnection? TryOpen(ToolCall call)
    {
        if (!File.Exists(call.Path))
            return null;
        SqliteConnection? connection = null;
        try
        {
            connection = FileConnection.Open(call.Path, SqliteOpenMode.ReadOnly);

            // Without this, SQLite refuses any read of a file that is shorter than its header says.
            connection.Execute("PRAGMA writable_schema = ON");
            return Schema.IsThere(connection, call.Path, orBackup: true)
                ? connection
                : throw new LogStartException($"{call.Path} is empty.");
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            call.Error.WriteLine($"SQLite cannot open {call.Path} ({e.Message}). Searching it for entries page by page.");
            return null;
        }
    }

    /// <returns>The number of entries.</returns>
    private long Run()
    {
        _new.Execute("BEGIN");
        _removed = Try(old => SqliteSnapshots.RemovedThrough(old));
        _highest = Try(LogTimeline.Highest);
        TakeEntries();
        TakePages();
        long snapshots = TakeSnapshots();
        if (_removed > 0)
            _new.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('removed_through', $removed)", ("$removed", _removed));
        if (Try(StartSearch.RedactedThrough) is > 0 and long redacted)
        {
            _new.Execute(
                "INSERT INTO meta (key, value) VALUES ($key, $through)", ("$key", StartSearch.Redacted), ("$through", redacted));
        }

        HistoryRebuild.Run(_new, (done, all) => _call.Progress.Report("Folding", done, all), _call.Cancelled);
        (long messages, long unaccepted) = _old is null ? (0, 0) : SalvagedHistory.Take(_old, _new, _call);
        if (messages + unaccepted > 0)
            SearchIndex.Rebuild(_new);
        (_credentials, _hasAllCredentials) = _old is null ? (0, false) : SalvagedCredentials.Take(_old, _new, _call);
        _highest = Math.Max(_highest, LogTimeline.Highest(_new));
        LogTimeline.Begin(_new, LogTimeline.FirstFor(_highest, _call.Time));
        _new.Execute("COMMIT");
        _call.Progress.End();
        Tell(messages, unaccepted, snapshots);
        return _byTable + _byPage;
    }

    private void TakeEntries()
    {
        if (_old is null)
        {
            _lost = [(1, long.MaxValue)];
            return;
        }

        try
        {
            using var insert = new EntryInsert(_new);
            var walk = new EntryWalk(_old, _call.Cancelled);
            foreach (StoredEntry stored in walk.Run())
            {
                if (!stored.IsSound)
                    _unsound++;
                else if (insert.Run(stored.Sequence, stored.Row) && ++_byTable % 1000 == 0)
                    _call.Progress.Report("Entries read", _byTable, 0);
            }

            _lost = walk.Lost;
        }
        catch (SqliteException e) when (!_call.Cancelled.IsCancellationRequested)
        {
            _call.Error.WriteLine($"The table of entries cannot be read ({e.Message}). Searching for entries page by page.");
            _lost = [(1, long.MaxValue)];
        }
    }

    /// <summary>
    /// Takes entries that the table no longer refers to, and those in the WAL after a damaged frame. If the table could be read completely,
    /// only entries newer than all of it are taken: any others were removed.
    /// </summary>
    private void TakePages()
    {
        long newest = _new.Scalar<long>("SELECT max(sequence) FROM entry");
        bool isWhole = _lost.Count == 0 && _unsound == 0;
        using var insert = new EntryInsert(_new);
        using var pages = new PageFile(_call.Path);
        long all = pages.Count;
        var look = new EntryPages(pages);
        foreach (StoredEntry found in look.Run(read => _call.Progress.Report("Looking through pages", read, all), _call.Cancelled))
        {
            if (found.IsSound && found.Sequence > (isWhole ? newest : _removed) && insert.Run(found.Sequence, found.Row))
                _byPage++;
        }
    }

    private long TakeSnapshots()
    {
        long taken = 0;
        foreach (long sequence in SalvagedHistory.Keys(_old, "snapshot", _call.Cancelled).Where(sequence => sequence >= _removed))
        {
            try
            {
                using SqliteCommand command = _old!.Command(
                    "SELECT format, CAST(sha256 AS BLOB), CAST(image AS BLOB) FROM snapshot WHERE sequence = $sequence",
                    ("$sequence", sequence));
                using SqliteDataReader rows = command.ExecuteReader();
                if (!rows.Read() || SnapshotCodec.TryDecode(rows.GetInt64(0), (byte[])rows[2], (byte[])rows[1], out _) is null)
                    continue;
                _new.Execute(
                    "INSERT INTO snapshot (sequence, format, sha256, image) VALUES ($sequence, $format, $sha256, $image)",
                    ("$sequence", sequence),
                    ("$format", rows.GetInt64(0)),
                    ("$sha256", rows[1]),
                    ("$image", rows[2]));
                taken++;
            }
            catch (Exception e) when (e is InvalidCastException || (e is SqliteException damage && SalvagedHistory.IsUnreadable(damage)))
            {
                // The next snapshot may be sound.
            }
        }

        return taken;
    }

    private long Try(Func<SqliteConnection, long> read)
    {
        try
        {
            return _old is null ? 0 : read(_old);
        }
        catch (SqliteException)
        {
            return 0;
        }
    }

    private void Tell(long messages, long unaccepted, long snapshots)
    {
        _call.Say($"Read {_byTable} entries, and found {_byPage} more on pages that no table points to. {snapshots} snapshots are sound.");
        if (_unsound > 0)
            _call.Say($"{_unsound} entries were not what had been written, and were left out.");
        foreach ((long from, long to) in _lost)
        {
            long found = _new.Scalar<long>("SELECT count(*) FROM entry WHERE sequence BETWEEN $from AND $to", ("$from", from), ("$to", to));
            if (to == long.MaxValue)
                _call.Say($"Nothing could be read from entry {from} on; {found} of these entries were found page by page.");
            else
                _call.Say($"Entries {from} to {to} could not be read; {found} of them were found page by page.");
        }

        if (messages > 0)
            _call.Say($"{messages} messages whose entries are lost were taken from the history.");
        if (unaccepted > 0)
            _call.Say($"{unaccepted} messages of sessions or rooms whose own entries are lost were taken from the history.");
        if (_credentials > 0)
            _call.Say($"{_credentials} credentials of members were taken: passwords, reset links and identities elsewhere.");
        if (!_hasAllCredentials)
            _call.Say($"Not all credentials of members could be read. Members without their password need a reset link.");
        if (_removed > 0 && snapshots == 0)
            _call.Say($"Retention removed the entries up to {_removed}, and no snapshot is sound: a start needs Log:AcceptLostState=true.");
    }
}

using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Entries;
using ErlChat.Sqlite.Files;
using ErlChat.Sqlite.History;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Tool;

/// <summary>Commands that change a database in place, holding its lock, so that no other program has it open.</summary>
internal static class LogReindex
{
    /// <summary>Rebuilds the history and the search index from the entries.</summary>
    internal static int Run(ToolCall call)
    {
        using DatabaseLock taken = DatabaseLock.Take(call.Path);
        using SqliteConnection connection = Open(call);
        RebuiltHistory made;
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            EntryInsert.FillChecksums(connection, call.Cancelled);
            made = HistoryRebuild.Run(connection, (done, all) => call.Progress.Report("Folding", done, all), call.Cancelled);
            connection.Execute("COMMIT");
        }
        catch
        {
            connection.RollBack();
            throw;
        }

        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        call.Progress.End();
        call.Say($"{call.Path}: {made.Messages} messages in the history and its index.");
        if (!made.IsKnown)
            call.Complain($"Retention removed older entries, and no snapshot is sound: only the index was rebuilt, not the history.");
        if (made.Unsound > 0)
            call.Complain(
                $"{made.Unsound} entries are not what was written. The history keeps what it had of them. `log verify` names them.");
        return made is { IsKnown: true, Unsound: 0 } ? 0 : 1;
    }

    /// <summary>Rebuilds the search index, adds checksums to old entries, and returns unused space to the disk.</summary>
    internal static int Compact(ToolCall call)
    {
        using DatabaseLock taken = DatabaseLock.Take(call.Path);
        long before = new FileInfo(call.Path).Length;
        using (SqliteConnection connection = Open(call))
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                EntryInsert.FillChecksums(connection, call.Cancelled);
                SearchIndex.Rebuild(connection);
                connection.Execute("COMMIT");
            }
            catch
            {
                connection.RollBack();
                throw;
            }

            connection.Execute("INSERT INTO message_text (message_text) VALUES ('optimize')");
            var wal = new FileInfo(call.Path + "-wal");
            using (var interruption = new Interruption(connection, call.Cancelled, () => Report(call, wal, before)))
                interruption.Execute("VACUUM");
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        call.Progress.End();
        call.Say($"{call.Path}: {before} bytes, now {new FileInfo(call.Path).Length}.");
        return 0;
    }

    /// <summary>Checks for free space: the new contents of the database are written to its WAL first.</summary>
    private static void Report(ToolCall call, FileInfo wal, long all)
    {
        wal.Refresh();
        call.Progress.Report("Compacting", wal.Exists ? wal.Length : 0, all);
    }

    private static SqliteConnection Open(ToolCall call)
    {
        SqliteConnection connection = FileConnection.Open(call.Path, SqliteOpenMode.ReadWrite);
        try
        {
            if (!Schema.IsThere(connection, call.Path))
                throw new LogStartException($"{call.Path} is empty.");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("PRAGMA temp_store = MEMORY");
            if (SchemaUpgrade.Run(connection, call.Path, copies: true, call.Time) is { Copy: { } copy } made)
                call.Say($"{call.Path} was upgraded from schema version {made.From}; the database from before is in {copy}.");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

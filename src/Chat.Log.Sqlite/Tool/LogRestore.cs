using System.Globalization;
using ErlChat.Sqlite.Backups;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Tool;

/// <summary>
/// Replaces the database with a backup. The backup is checked and copied before anything else is changed. The old database is set aside
/// together with its WAL, which would damage any other database. The log continues with a new epoch, above every sequence that it has ever
/// assigned, so that no client takes new entries for ones it has already read.
/// </summary>
internal static class LogRestore
{
    /// <param name="source">The backup, or any sound database of this program.</param>
    /// <param name="remove">Whether to remove the old database instead of keeping it next to the new one.</param>
    internal static int Run(ToolCall call, string source, bool remove)
    {
        if (!File.Exists(source))
            throw new LogStartException($"{source} does not exist.");
        string path = call.Path;
        FileModes.CreateFolder(Path.GetDirectoryName(path)!);
        using DatabaseLock taken = DatabaseLock.Take(path);
        RefuseForeignWal(source);
        using var file = new NewFile(path, replace: true);
        Copy(call, source, file);
        using (SqliteConnection connection = file.Connect())
        {
            SchemaUpgrade.Run(connection);
            long highest = Math.Max(LogTimeline.Highest(connection), HighestOf(path));
            long first = LogTimeline.FirstFor(highest, call.Time);
            connection.Execute("BEGIN");
            LogTimeline.Begin(connection, first);
            connection.Execute($"PRAGMA application_id = {Schema.ApplicationId}");
            connection.Execute("COMMIT");
            Check(call, connection, source, out long entries, out long newest);
            call.Say($"Restored {entries} entries up to {newest} from {source}. The next will be {first} or higher; readers must resync.");
        }

        file.Sync();
        MoveAway(call, path, remove);
        file.Place(replace: false);
        call.Output.WriteLine($"{path} is restored.");
        return 0;
    }

    /// <summary>
    /// Refuses a WAL next to the backup. A backup has none, so it belongs to another database, and SQLite would apply it.
    /// </summary>
    private static void RefuseForeignWal(string source)
    {
        if (new FileInfo(source + "-wal") is { Exists: true, Length: > 0 } && DatabaseCheck.ApplicationIdOf(source) == Schema.BackupId)
            throw new LogStartException($"{source} is a backup, but {source}-wal belongs to another database. Move one of the two "
                + "elsewhere.");
    }

    private static void Copy(ToolCall call, string source, NewFile file)
    {
        try
        {
            using SqliteConnection connection = FileConnection.Open(source, SqliteOpenMode.ReadOnly);
            if (!Schema.IsThere(connection, source, orBackup: true))
                throw new LogStartException($"{source} is empty.");
            long all = new FileInfo(source).Length;
            using var interruption = new Interruption(
                connection, call.Cancelled, () => call.Progress.Report("Copying", new FileInfo(file.Path).Length, all));
            interruption.Execute("VACUUM INTO $copy", ("$copy", file.Path));
        }
        catch (SqliteException e)
        {
            throw DatabaseCheck.Explain(source, e);
        }
    }

    private static void Check(ToolCall call, SqliteConnection connection, string source, out long entries, out long newest)
    {
        using var findings = new StringWriter();
        var check = new LogVerify(connection, findings, (done, all) => call.Progress.Report("Checking", done, all), call.Cancelled);
        if (check.Run() > 0)
        {
            throw new LogStartException($"{source} is not sound: {findings.ToString().Split('\n')[0]} Nothing was changed. "
                + $"`log verify --path {source}` shows the details; `log salvage --path {source} NEW` makes a sound database of it.");
        }

        (entries, newest) = (check.Entries, check.Newest);
        call.Progress.End();
    }

    /// <summary>The highest sequence that the old database has assigned, as far as it can be read.</summary>
    private static long HighestOf(string path)
    {
        if (!File.Exists(path))
            return 0;
        try
        {
            using SqliteConnection connection = FileConnection.Open(path, SqliteOpenMode.ReadOnly);
            return LogTimeline.Highest(connection);
        }
        catch (SqliteException)
        {
            return 0;
        }
    }

    /// <summary>Moves the database first: a start between two of these steps finds only its WAL, and refuses that.</summary>
    private static void MoveAway(ToolCall call, string path, bool remove)
    {
        string name = path + ".before-" + call.Time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string kept = name;
        for (int i = 2; File.Exists(kept) || File.Exists(kept + "-wal"); i++)
            kept = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
        bool wasThere = false;
        foreach (string end in (string[])["", "-wal"])
        {
            if (!File.Exists(path + end))
                continue;
            wasThere = true;
            if (remove)
                File.Delete(path + end);
            else
                File.Move(path + end, kept + end);
        }

        File.Delete(path + "-shm");
        if (wasThere && !remove)
            call.Output.WriteLine($"The previous database is now {kept}.");
    }
}

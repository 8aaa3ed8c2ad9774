using System.Buffers.Binary;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>Checks a database before the server uses it, over a read-only connection.</summary>
internal static class DatabaseCheck
{
    /// <summary>
    /// Databases up to this size in bytes are checked completely, which takes about 0.2 s. Of larger ones only the newest pages are
    /// checked, where an interrupted write would have been.
    /// </summary>
    private const long SmallFile = 32 * 1024 * 1024;

    /// <summary>SQLITE_IOERR_SHORT_READ: a page lies beyond the end of the file.</summary>
    private const int ShortRead = 522;

    private const string Advice = "Restore a backup, or save what can be read with `log salvage`; see docs/durability.md.";

    /// <summary>Recognises a backup by its first bytes and refuses it, before SQLite applies a WAL that may lie next to it.</summary>
    /// <remarks>Hold the database's lock. Opening and closing the file drops the locks that SQLite holds on it in this process.</remarks>
    /// <exception cref="LogStartException">The file is a backup.</exception>
    internal static void RefuseBackup(string path)
    {
        bool hasWal = new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };
        if (ApplicationIdOf(path) == Schema.BackupId)
        {
            string wal = hasWal ? $", without the {Path.GetFileName(path)}-wal of another database" : "";
            throw new LogStartException($"{path} is a backup: `log restore` puts it in place{wal}. It was left as it is.");
        }
    }

    /// <summary>The application id in the file's header; 0 if there is no header.</summary>
    /// <inheritdoc cref="RefuseBackup" path="/remarks"/>
    internal static int ApplicationIdOf(string path)
    {
        const int place = 68;
        Span<byte> id = stackalloc byte[4];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = place;
        return file.ReadAtLeast(id, id.Length, throwOnEndOfStream: false) == id.Length ? BinaryPrimitives.ReadInt32BigEndian(id) : 0;
    }

    /// <summary>Whether a failure means that the contents of the file are damaged.</summary>
    internal static bool IsDamage(SqliteException failure) => failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
        || failure.SqliteExtendedErrorCode == ShortRead;

    /// <summary>Whether the file contains a log of this program; false if it is empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tail">How many of the newest entries to read, whatever the size of the file.</param>
    /// <param name="lessThanAll">Receives damage that the server tolerates, in snapshots or in the search index.</param>
    /// <exception cref="LogStartException">The file belongs to another program, has a newer version, or is damaged.</exception>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    internal static bool IsUsable(string path, int tail, Action<string> lessThanAll)
    {
        if (new FileInfo(path).Length == 0 && !File.Exists(path + "-wal"))
            return false;
        using SqliteConnection connection = FileConnection.Open(path, SqliteOpenMode.ReadOnly);
        if (!Schema.IsThere(connection, path))
            return false;
        string? finding = new FileInfo(path).Length <= SmallFile ? Findings(connection, 1).FirstOrDefault() : CheckTail(connection, tail);
        if (finding is null or "ok")
            return true;
        finding = finding.ReplaceLineEndings(" ");
        if (!IsExpendable(connection))
            throw new LogStartException($"{path} is damaged: {finding}. It was not changed. {Advice}");
        lessThanAll(finding);
        return true;
    }

    /// <summary>Turns a failure into a message for the operator.</summary>
    internal static LogStartException Explain(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT =>
            new LogStartException($"{path} is damaged: {failure.Message} It was not changed. {Advice}", failure),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            new LogStartException($"{path} is locked by another program.", failure),
        _ => new LogStartException($"{path} cannot be opened: {failure.Message}", failure),
    };

    /// <summary>
    /// Whether only snapshots and the search index are damaged. A start can do without a snapshot, and the search index is rebuilt while
    /// the chat runs. This checks the tables one by one, then the list of free pages, which the next entry may use.
    /// </summary>
    private static bool IsExpendable(SqliteConnection connection)
    {
        var tables = new List<string>();
        using (SqliteCommand command = connection.Command(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'snapshot' AND name NOT LIKE 'message_text%'"))
        using (SqliteDataReader rows = command.ExecuteReader())
        {
            while (rows.Read())
                tables.Add(rows.GetString(0));
        }

        return tables.TrueForAll(table => IsSound(connection, table))
            && !Findings(connection, 1000).Exists(one => one.Contains("reelist", StringComparison.Ordinal));
    }

    private static bool IsSound(SqliteConnection connection, string table)
    {
        try
        {
            return connection.Scalar<string>($"PRAGMA quick_check('{table}')") == "ok";
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            return false;
        }
    }

    /// <summary>The problems that SQLite finds before the damage stops its check. The list of free pages comes first.</summary>
    private static List<string> Findings(SqliteConnection connection, int most)
    {
        var findings = new List<string>();
        try
        {
            using SqliteCommand command = connection.Command($"PRAGMA quick_check({most})");
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
                findings.Add(rows.GetString(0));
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            findings.Add(e.Message);
        }

        return findings;
    }

    /// <summary>Reads the newest entries, which parses every page from the root to them, and checks their order.</summary>
    private static string? CheckTail(SqliteConnection connection, int tail)
    {
        using SqliteCommand command = connection.Command(
            "SELECT sequence, length(kind) + length(origin) + length(body) FROM entry ORDER BY sequence DESC LIMIT $tail",
            ("$tail", Math.Max(tail, 100)));
        using SqliteDataReader rows = command.ExecuteReader();
        long above = long.MaxValue;
        while (rows.Read())
        {
            if (rows.GetInt64(0) >= above || rows.IsDBNull(1))
                return $"entry {rows.GetInt64(0)} is out of order";
            above = rows.GetInt64(0);
        }

        return null;
    }
}

using System.Buffers.Binary;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErlChat.Sqlite.Database;

/// <summary>What is looked at before a database is trusted, over a connection that cannot change it.</summary>
internal static class DatabaseCheck
{
    /// <summary>
    /// Databases up to this size are looked through whole, which takes about 0.2 s; of larger ones the newest pages, where an interrupted
    /// write would have been.
    /// </summary>
    private const long SmallFile = 32 * 1024 * 1024;

    /// <summary>SQLITE_IOERR_SHORT_READ: a page that should be there is beyond the end of the file.</summary>
    private const int ShortRead = 522;

    private const string Advice = "Restore a backup, or save what can be read with `log salvage`; see docs/durability.md.";

    /// <summary>Refuses a backup by the first bytes, before SQLite makes one of it and of a WAL that may be beside it.</summary>
    /// <remarks>With the database's lock: it opens and closes the file, which would drop SQLite's own locks of this process.</remarks>
    /// <exception cref="LogStartException">It is a backup.</exception>
    internal static void RefuseBackup(string path)
    {
        bool hasWal = new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };
        if (ApplicationIdOf(path) == Schema.BackupId)
        {
            string wal = hasWal ? $", without the {Path.GetFileName(path)}-wal of another database" : "";
            throw new LogStartException($"{path} is a backup: `log restore` puts it in place{wal}. It was left as it is.");
        }
    }

    /// <summary>What stands in the header; 0 when there is none.</summary>
    /// <inheritdoc cref="RefuseBackup" path="/remarks"/>
    internal static int ApplicationIdOf(string path)
    {
        const int place = 68;
        Span<byte> id = stackalloc byte[4];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = place;
        return file.ReadAtLeast(id, id.Length, throwOnEndOfStream: false) == id.Length ? BinaryPrimitives.ReadInt32BigEndian(id) : 0;
    }

    /// <summary>Whether a failure says that the file's contents make no sense.</summary>
    internal static bool IsDamage(SqliteException failure) => failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
        || failure.SqliteExtendedErrorCode == ShortRead;

    /// <summary>Whether the file has a log of ours; false when it is empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tail">Newest entries to look at in any case.</param>
    /// <param name="lessThanAll">Told of damage that the server can live with: of snapshots, or of the search index.</param>
    /// <exception cref="LogStartException">It is another program's, of a newer version, or damaged.</exception>
    /// <exception cref="SqliteException">It cannot be read.</exception>
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

    /// <summary>What to tell the operator.</summary>
    internal static LogStartException Explain(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT =>
            new LogStartException($"{path} is damaged: {failure.Message} It was not changed. {Advice}", failure),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            new LogStartException($"{path} is locked by another program.", failure),
        _ => new LogStartException($"{path} cannot be opened: {failure.Message}", failure),
    };

    /// <summary>
    /// Whether what is damaged is nothing but snapshots, for which a start has a substitute, and the search index, which is mended while
    /// the chat goes on. Tables are looked at one by one, then the list of free pages, in which the next entry may be written.
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

    /// <summary>What SQLite finds, up to where the damage ends its looking. The list of free pages comes first.</summary>
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

    /// <summary>
    /// Reads the newest entries, so that every page from the root to them is parsed, and sees whether their order makes sense.
    /// </summary>
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

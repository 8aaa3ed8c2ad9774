using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite;

/// <summary>What is looked at before a database is trusted, over a connection that cannot change it.</summary>
internal static class DatabaseCheck
{
    /// <summary>Databases up to this size are looked through whole, which takes about 0.2 s; of larger ones the newest pages, where an interrupted write would have been.</summary>
    private const long SmallFile = 32 * 1024 * 1024;

    /// <summary>Whether the file has a log of ours; false when it is empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tail">Newest entries to look at in any case.</param>
    /// <exception cref="LogStartException">It is another program's, of a newer version, or damaged.</exception>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    internal static bool IsUsable(string path, int tail)
    {
        if (new FileInfo(path).Length == 0 && !File.Exists(path + "-wal"))
            return false;
        using SqliteConnection connection = ChatDatabase.Connect(path, SqliteOpenMode.ReadOnly);
        if (!Schema.IsThere(connection, path))
            return false;
        string? finding = new FileInfo(path).Length <= SmallFile ? connection.Scalar<string>("PRAGMA quick_check(1)") : CheckTail(connection, tail);
        return finding is null or "ok" ? true : throw new LogStartException($"{path} is damaged: {finding.ReplaceLineEndings(" ")}. It was left as it is; see docs/durability.md.");
    }

    /// <summary>What to tell the operator.</summary>
    internal static LogStartException Explain(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT =>
            new LogStartException($"{path} is damaged: {failure.Message} It was left as it is; see docs/durability.md.", failure),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            new LogStartException($"{path} is locked by another program.", failure),
        _ => new LogStartException($"{path} cannot be opened: {failure.Message}", failure),
    };

    /// <summary>Reads the newest entries, so that every page from the root to them is parsed, and sees whether their order makes sense.</summary>
    private static string? CheckTail(SqliteConnection connection, int tail)
    {
        using SqliteCommand command = connection.Command(
            "SELECT sequence, length(kind) + length(origin) + length(body) FROM entry ORDER BY sequence DESC LIMIT $tail", ("$tail", Math.Max(tail, 100)));
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

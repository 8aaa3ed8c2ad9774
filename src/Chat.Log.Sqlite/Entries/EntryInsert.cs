using ErlChat.Serialization;
using ErlChat.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Entries;

/// <summary>Writes entries from another file, with a checksum. Skips an entry whose sequence already exists.</summary>
/// <remarks>Dispose it before its connection.</remarks>
internal sealed class EntryInsert(SqliteConnection connection) : IDisposable
{
    private readonly Statement _insert = new(connection, $"INSERT OR IGNORE INTO entry ({EntryRows.Columns}) VALUES (?, ?, ?, ?, ?, ?, ?)");

    /// <returns>Whether the entry was inserted.</returns>
    internal bool Run(long sequence, EntryRow row)
    {
        _insert.Bind(sequence, row).Run();
        return SQLitePCL.raw.sqlite3_changes(connection.Handle) > 0;
    }

    public void Dispose() => _insert.Dispose();

    /// <summary>Adds a checksum to every readable entry that has none.</summary>
    /// <returns>The number of entries that got a checksum.</returns>
    internal static long FillChecksums(SqliteConnection connection, CancellationToken cancelled)
    {
        const int page = 5000;
        long filled = 0;
        using var update = new Statement(connection, "UPDATE entry SET checksum = ? WHERE sequence = ?");
        for (long after = 0; ;)
        {
            cancelled.ThrowIfCancellationRequested();
            var read = new List<StoredEntry>(page);
            using (SqliteCommand command = connection.Command(
                $"SELECT {EntryRows.Columns} FROM entry WHERE sequence > $after AND checksum IS NULL ORDER BY sequence LIMIT $page",
                ("$after", after),
                ("$page", page)))
            using (SqliteDataReader rows = command.ExecuteReader())
            {
                while (rows.Read())
                {
                    after = rows.GetInt64(0);
                    read.Add(EntryWalk.Of(rows));
                }
            }

            if (read.Count == 0)
                return filled;
            foreach (StoredEntry entry in read)
            {
                if (!entry.IsSound)
                    continue;
                update.Bind(1, EntryChecksum.Of(entry.Sequence, entry.Row)).Bind(2, entry.Sequence).Run();
                filled++;
            }
        }
    }
}

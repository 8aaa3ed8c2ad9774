using System.Globalization;
using ErlChat.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace ErlChat.Sqlite.Database;

/// <summary>
/// Copies a database before an upgrade, to <c>chat.db.schema2-YYYYMMDD-HHMMSS</c> next to it, so that the operator can return to the older
/// program. The copy is a database and not marked as a backup, since the oldest programs do not know backups.
/// </summary>
internal static class UpgradeCopy
{
    /// <summary>How many copies are kept, the newest ones.</summary>
    internal const int Kept = 2;

    /// <summary>Space that must remain free after the copy, so that the chat itself can still write.</summary>
    private const long Spare = 64L << 20;

    /// <summary>
    /// Writes a copy. Pages are copied without looking at them, so damage that the chat can live with does not prevent the upgrade.
    /// </summary>
    /// <returns>The name of the copy.</returns>
    /// <exception cref="LogStartException">The copy does not fit on the disk or cannot be written.</exception>
    internal static string Write(SqliteConnection connection, string path, long version, TimeProvider time, Func<string, long>? free = null)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{path}.schema{version}-{time.GetUtcNow().UtcDateTime:yyyyMMdd-HHmmss}");
        try
        {
            foreach (string cutOff in Files(path).Where(static file => file.EndsWith(NewFile.Partial, StringComparison.Ordinal)))
                File.Delete(cutOff);
            RefuseWithoutRoom(path, version, free ?? (static folder => new DriveInfo(folder).AvailableFreeSpace));
            using var file = new NewFile(name, replace: true);
            using (SqliteConnection copy = file.Connect())
                connection.BackupDatabase(copy);
            file.Place(replace: true);
            return name;
        }
        catch (Exception e) when (e is not LogStartException && (e is IOException or UnauthorizedAccessException or SqliteException))
        {
            throw new LogStartException($"{Why(path, version)} The copy {name} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Removes the oldest copies beyond those that are kept.</summary>
    internal static void RemoveOld(string path)
    {
        try
        {
            IEnumerable<string> old = Files(path)
                .Where(static file => !file.EndsWith(NewFile.Partial, StringComparison.Ordinal))
                .OrderByDescending(File.GetLastWriteTimeUtc)
                .Skip(Kept);
            foreach (string file in old)
                File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A surplus copy does no harm, and the next upgrade tries again.
        }
    }

    private static void RefuseWithoutRoom(string path, long version, Func<string, long> free)
    {
        long needed = LengthOf(path) + LengthOf(path + "-wal") + Spare;
        string folder = Path.GetDirectoryName(path)!;
        long there = free(folder);
        if (there < needed)
        {
            throw new LogStartException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Why(path, version)} That needs {needed >> 20} MiB in {folder}, but only {there >> 20} MiB are free. Free some space; or "
                + $"make a backup elsewhere with the older program, and start with Log:CopyBeforeUpgrade=false."));
        }
    }

    private static string Why(string path, long version) => string.Create(
        CultureInfo.InvariantCulture,
        $"{path} has schema version {version} and must be copied before it is upgraded to {Schema.Version}; it was left unchanged.");

    private static string[] Files(string path) =>
        Directory.GetFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.schema*-*");

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } found ? found.Length : 0;
}

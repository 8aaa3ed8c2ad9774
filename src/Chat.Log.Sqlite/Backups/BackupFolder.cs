using System.Globalization;
using ErlChat.Sqlite.Database;
using ErlChat.Sqlite.Files;

namespace ErlChat.Sqlite.Backups;

/// <summary>
/// The folder for backups that a running server makes when an administrator asks for one. Their names are <c>chat-YYYYMMDD-HHMMSS.db</c>,
/// by the server's clock in UTC. The folder is created with the first backup, for the server's own user only. Files with other names in it
/// are left alone.
/// </summary>
/// <remarks>
/// Thread-safe, except that only one <see cref="WriteAsync"/> may run at a time: each call removes what an earlier one left unfinished.
/// </remarks>
public sealed class BackupFolder
{
    /// <summary>Bytes that must remain free after the copy, so that the chat itself can still write.</summary>
    internal const long Spare = 64L << 20;

    private const string Partial = ".partial";
    private const string Stamp = "yyyyMMdd-HHmmss";

    private readonly LogBackup _backup;
    private readonly string _database;
    private readonly int _keep;
    private readonly TimeProvider _time;
    private readonly Func<string, long> _free;

    internal BackupFolder(string database, string folder, int keep, TimeProvider time, Func<string, long>? free = null)
    {
        _backup = new LogBackup(database);
        _database = database;
        Folder = Path.GetFullPath(folder, Path.GetDirectoryName(Path.GetFullPath(database))!);
        (_keep, _time) = (keep, time);
        _free = free ?? (static path => new DriveInfo(path).AvailableFreeSpace);
    }

    /// <summary>The path of the folder.</summary>
    public string Folder { get; }

    /// <summary>
    /// Writes and checks a backup. Unlike <see cref="LogBackup"/>, a cancelled call ends only when all its files are removed, which takes
    /// about a second.
    /// </summary>
    /// <param name="progress">Called regularly, on the thread that writes.</param>
    /// <param name="cancellationToken">Cancels the backup.</param>
    /// <exception cref="LogStartException">The database cannot be read, or the folder cannot be written. One line.</exception>
    /// <exception cref="IOException">The copy cannot be written, or the disk has no room for it.</exception>
    /// <exception cref="OperationCanceledException">The backup was cancelled.</exception>
    public Task<LogBackupResult> WriteAsync(IProgress<LogBackupProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Factory.StartNew(
            () => Write(progress, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// Removes the oldest backups beyond the number to keep, but never <paramref name="newest"/>, even if the clock was set back.
    /// </summary>
    /// <param name="newest">The file that was just written.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="IOException">One cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">One cannot be removed.</exception>
    public int RemoveOld(string newest)
    {
        if (_keep == 0)
            return 0;
        FileInfo[] old = [.. Backups().Where(file => file.FullName != newest).Skip(_keep - 1)];
        foreach (FileInfo file in old)
            file.Delete();
        return old.Length;
    }

    /// <summary>The newest backups, newest first; empty if the folder does not exist or cannot be read.</summary>
    /// <param name="most">How many backups to return at most.</param>
    public IReadOnlyList<KeptBackup> List(int most)
    {
        try
        {
            return [.. Backups().Take(most).Select(file => new KeptBackup(file.Name, file.Length, file.LastWriteTimeUtc))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file has just disappeared, or the folder cannot be read.
            return [];
        }
    }

    private LogBackupResult Write(IProgress<LogBackupProgress>? progress, CancellationToken cancelled)
    {
        try
        {
            FileModes.CreateFolder(Folder);
            RemoveHalfDone();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStartException($"The folder {Folder} cannot be used: {e.Message}", e);
        }

        RefuseWithoutRoom();
        try
        {
            return _backup.Write(FreeName(), replace: false, progress, cancelled);
        }
        catch (ToolUseException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Refuses a backup that would fill the disk, which would stop the chat: no message could be written any more.</summary>
    private void RefuseWithoutRoom()
    {
        long needed = SizeOf(_database) + SizeOf(_database + "-wal") + Spare;
        long free = _free(Folder);
        if (free < needed)
        {
            throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Folder} has no room for a backup: {needed >> 20} MiB are needed, but only {free >> 20} MiB are free."));
        }
    }

    /// <summary>Removes the unfinished backup of a server that was killed while writing it.</summary>
    private void RemoveHalfDone()
    {
        foreach (FileInfo file in new DirectoryInfo(Folder).EnumerateFiles($"chat-*{Partial}*"))
        {
            int end = file.Name.IndexOf(".db.", StringComparison.Ordinal);
            if (end > 0 && IsOurs(file.Name[..(end + 3)]))
                file.Delete();
        }
    }

    /// <summary>The name for the current second, or for the next second whose name is free.</summary>
    private string FreeName()
    {
        DateTimeOffset at = _time.GetUtcNow();
        while (true)
        {
            string path = Path.Combine(Folder, NameAt(at));
            if (!File.Exists(path))
                return path;
            at = at.AddSeconds(1);
        }
    }

    private IEnumerable<FileInfo> Backups() => !Directory.Exists(Folder)
        ? []
        : new DirectoryInfo(Folder).EnumerateFiles("chat-*.db")
            .Where(static file => IsOurs(file.Name))
            .OrderByDescending(static file => file.Name, StringComparer.Ordinal);

    private static string NameAt(DateTimeOffset at) => $"chat-{at.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}.db";

    private static bool IsOurs(string name) =>
        name.Length == "chat-.db".Length + Stamp.Length
        && name.StartsWith("chat-", StringComparison.Ordinal) && name.EndsWith(".db", StringComparison.Ordinal)
        && DateTime.TryParseExact(name["chat-".Length..^".db".Length], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static long SizeOf(string file) => new FileInfo(file) is { Exists: true } found ? found.Length : 0;
}

/// <summary>A backup in the folder.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="At">When it was written.</param>
public sealed record KeptBackup(string Name, long Bytes, DateTimeOffset At);

namespace ErlChat.Sqlite.Files;

/// <summary>Creates files that only the server's own user may read, since they contain private conversations.</summary>
internal static class DatabaseFiles
{
    /// <summary>
    /// Creates the folder and an empty database with mode 0600, which SQLite also gives its companion files. Does not change existing ones.
    /// </summary>
    /// <exception cref="LogStartException">The folder cannot be written.</exception>
    internal static void Create(string database)
    {
        try
        {
            FileModes.CreateFolder(Path.GetDirectoryName(database)!);
            if (!File.Exists(database))
                new FileStream(database, Private(FileMode.CreateNew, FileShare.ReadWrite)).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStartException($"{database} cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Whether there is a database, or a WAL whose contents have not been moved into one.</summary>
    internal static bool Exists(string database) =>
        new FileInfo(database) is { Exists: true, Length: > 0 } || new FileInfo(database + "-wal") is { Exists: true, Length: > 0 };

    /// <summary>Refuses a WAL whose database is missing: SQLite would apply it to an empty file created next to it.</summary>
    /// <exception cref="LogStartException">The database is missing, but its WAL exists.</exception>
    internal static void RefuseWalAlone(string database)
    {
        if (!File.Exists(database) && new FileInfo(database + "-wal") is { Exists: true, Length: > 0 })
        {
            throw new LogStartException(
                $"{database} is missing, but {Path.GetFileName(database)}-wal is there. It was not changed. Put back the database that it "
                    + "belongs to, or restore a backup with `log restore`.");
        }
    }

    /// <summary>
    /// Refuses to start after a restore that was cut off. While a restore replaces the old file with the new one, there is a moment without
    /// a database. A server started after a power failure at that moment would begin an empty chat.
    /// </summary>
    /// <exception cref="LogStartException">The database is missing, but the file that was to replace it exists.</exception>
    internal static void RefuseHalfDone(string database)
    {
        string folder = Path.GetDirectoryName(database)!;
        if (File.Exists(database) || !Directory.Exists(folder))
            return;
        if (Directory.EnumerateFiles(folder, $"{Path.GetFileName(database)}.*.partial").FirstOrDefault() is { } part)
        {
            throw new LogStartException(
                $"{database} is missing, but {Path.GetFileName(part)} is there: a restore was cut off. Restore again, or delete that file "
                    + "to start with an empty chat.");
        }
    }

    internal static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows() && mode is FileMode.CreateNew or FileMode.OpenOrCreate)
            options.UnixCreateMode = FileModes.PrivateFile;
        return options;
    }
}

namespace ErlChat.Sqlite.Files;

/// <summary>Files that only the server's own user may read: they hold what people said to each other.</summary>
internal static class DatabaseFiles
{
    /// <summary>
    /// Makes the folder and an empty database with mode 0600, which SQLite gives its companion files too. Leaves what is there.
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

    /// <summary>Whether there is anything that could be a database, or what it had not been given yet of its WAL.</summary>
    internal static bool Exists(string database) =>
        new FileInfo(database) is { Exists: true, Length: > 0 } || new FileInfo(database + "-wal") is { Exists: true, Length: > 0 };

    /// <summary>A WAL without its database is not to become a part of the new one: an empty file beside it would.</summary>
    /// <exception cref="LogStartException">The database is missing, and its WAL is there.</exception>
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
    /// Between the steps in which a restore puts the new file into the place of the old one there is none: a server that was started after
    /// a power failure at that moment would begin an empty chat.
    /// </summary>
    /// <exception cref="LogStartException">The database is missing, and what was to become it is there.</exception>
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

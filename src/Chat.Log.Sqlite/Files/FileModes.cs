using System.Runtime.Versioning;

namespace ErlChat.Sqlite.Files;

/// <summary>
/// Who may do what with the database's files. Does nothing on Windows. Looks at modes only and opens nothing: closing a file of the
/// database would drop SQLite's locks on it.
/// </summary>
internal static class FileModes
{
    internal const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    internal const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes a folder, and those above it that are missing, for the server's own user alone.</summary>
    internal static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        if (Path.GetDirectoryName(folder) is { } above)
            CreateFolder(above);
        Directory.CreateDirectory(folder, PrivateFolder);
    }

    /// <summary>
    /// What others than the server's own user may do that they should not, in words: read or change the database, or put other files into
    /// the place of its own. Nothing when all is well.
    /// </summary>
    internal static IEnumerable<string> TooOpen(string database)
    {
        if (OperatingSystem.IsWindows())
            yield break;
        string folder = Path.GetDirectoryName(database)!;
        UnixFileMode mode = ModeOf(folder);

        // In a sticky folder only the owner of a file can replace it.
        if ((mode & OthersWrite) != 0 && !mode.HasFlag(UnixFileMode.StickyBit))
            yield return $"The folder {folder} has mode {Octal(mode)}, so other users can replace the log in it. Set mode 0700.";
        foreach (string file in Files(database))
        {
            mode = ModeOf(file);
            if ((mode & (OthersRead | OthersWrite)) != 0)
                yield return $"{file} has mode {Octal(mode)}: "
                    + $"other users can {((mode & OthersWrite) != 0 ? "change" : "read")} what was said. Give it mode 0600.";
        }
    }

    /// <summary>
    /// Gives the files beside the database the mode that they should have: SQLite gives them the database's, even when that is one that the
    /// operator gave it and others may read. Call it when a connection has opened them.
    /// </summary>
    internal static void KeepCompanionsPrivate(string database)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (string file in Files(database).Skip(1))
        {
            try
            {
                if (File.Exists(file) && File.GetUnixFileMode(file) != PrivateFile)
                    File.SetUnixFileMode(file, PrivateFile);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It went away, or is another user's, who must have opened the database before.
            }
        }
    }

    /// <summary>Nobody may do anything with a file that is not there, or went away a moment ago.</summary>
    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode ModeOf(string path)
    {
        try
        {
            return File.GetUnixFileMode(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return UnixFileMode.None;
        }
    }

    private static IEnumerable<string> Files(string database) => [database, database + "-wal", database + "-shm"];

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8);
}

using System.Runtime.Versioning;

namespace ErlChat.Sqlite.Files;

/// <summary>
/// Checks and sets who may access the files of the database. Does nothing on Windows. It only looks at modes and opens nothing, since
/// closing a file of the database would drop SQLite's locks on it.
/// </summary>
internal static class FileModes
{
    internal const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    internal const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates a folder, and its missing parents, for the server's own user only.</summary>
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
    /// Describes what users other than the server's own may do but should not: read or change the database, or replace its files. Empty if
    /// all is well.
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
    /// Sets the correct mode on the files next to the database. SQLite gives them the mode of the database, even if the operator has made
    /// that readable for others. Call it after a connection has opened them.
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
                // The file has disappeared, or belongs to another user, who must have opened the database earlier.
            }
        }
    }

    /// <summary>The mode of a file; 0 if the file does not exist, or has just disappeared.</summary>
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

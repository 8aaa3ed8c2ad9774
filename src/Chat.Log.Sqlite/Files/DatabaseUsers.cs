using System.Globalization;

namespace ErlChat.Sqlite.Files;

/// <summary>Finds the other programs that have a file open.</summary>
internal static class DatabaseUsers
{
    /// <summary>
    /// Their names and process ids, as <c>sqlite3 (pid 12)</c>; empty where the system does not provide them. Only root sees the processes
    /// of other users.
    /// </summary>
    internal static IReadOnlyList<string> Of(string path)
    {
        var found = new List<string>();
        if (!OperatingSystem.IsLinux())
            return found;
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid != Environment.ProcessId && HasOpen(process, path))
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{NameOf(process)} (pid {pid})"));
        }

        return found;
    }

    private static bool HasOpen(string process, string path)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")).Any(file => new FileInfo(file).LinkTarget == path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or belongs to another user.
            return false;
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a program";
        }
    }
}

using System.Globalization;

namespace ErlChat.Sqlite.Files;

/// <summary>Which other programs have a file open.</summary>
internal static class DatabaseUsers
{
    /// <summary>
    /// Their names and process ids, as <c>sqlite3 (pid 12)</c>; none where the system does not say. Those of other users are seen by root
    /// only.
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
            // It has ended, or is another user's.
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

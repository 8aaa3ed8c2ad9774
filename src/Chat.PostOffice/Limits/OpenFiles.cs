using System.Globalization;

namespace ErlChat.Limits;

/// <summary>The process's limit of open files. Each connection uses one; a process that has none left cannot continue.</summary>
public static class OpenFiles
{
    private const string Own = "/proc/self/fd";

    /// <summary>
    /// Files reserved, in addition to those open at the start, for the database, libraries loaded later, and connections that are being
    /// refused.
    /// </summary>
    private const int Reserve = 256;

    /// <summary>The limit found the last time; 0 for none.</summary>
    private static int s_lastLimit;

    /// <summary>The current limit; null if it is not known or there is none.</summary>
    public static int? Limit()
    {
        try
        {
            string? line =
                File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
            string? soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            int? limit = int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int files) ? files : null;
            Volatile.Write(ref s_lastLimit, limit ?? 0);
            return limit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or there is no descriptor left to read the file with. Then the limit is what it was the last time.
            return Volatile.Read(ref s_lastLimit) is > 0 and var last ? last : null;
        }
    }

    /// <summary>How many files are open (.NET keeps one open for each library); 0 if that is not known.</summary>
    internal static int Used()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Own).Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or there is no descriptor left to list the folder with. Then all are used.
            return Directory.Exists(Own) ? int.MaxValue : 0;
        }
    }

    /// <summary>
    /// How many connections leave enough files for the rest: 90 % of the limit, or the limit minus the open files minus
    /// <see cref="Reserve"/> if that is less; 0 for no limit.
    /// </summary>
    internal static int ConnectionsFor(int? limit, int used) => limit is { } files
        ? Math.Max(16, Math.Min(files - files / 10, files - Math.Min(used, files) - Reserve))
        : 0;
}

using System.Globalization;

namespace ErlChat.Limits;

/// <summary>The process's limit of open files. Each connection is one; without any left, the process ends.</summary>
public static class OpenFiles
{
    private const string Own = "/proc/self/fd";

    /// <summary>
    /// What the database, libraries that are loaded later, and connections that are being refused need beside what is open at the start.
    /// </summary>
    private const int Reserve = 256;

    /// <summary>As it was at the last look; 0 for none.</summary>
    private static int s_lastLimit;

    /// <summary>The limit in force; null when it is not known or there is none.</summary>
    public static int? Limit()
    {
        try
        {
            string? line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
            string? soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            int? limit = int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int files) ? files : null;
            Volatile.Write(ref s_lastLimit, limit ?? 0);
            return limit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not Linux; or not even one descriptor is left to look with, and it is what it was.
            return Volatile.Read(ref s_lastLimit) is > 0 and var last ? last : null;
        }
    }

    /// <summary>How many are open: .NET alone keeps one for each library. 0 when that is not known.</summary>
    internal static int Used()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Own).Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not Linux; or not even one descriptor is left to look with, and all are used.
            return Directory.Exists(Own) ? int.MaxValue : 0;
        }
    }

    /// <summary>
    /// The connections that leave enough for the rest: 90 %, or all but what is open already and <see cref="Reserve"/> when that is less; 0
    /// for any number.
    /// </summary>
    internal static int ConnectionsFor(int? limit, int used) => limit is { } files
        ? Math.Max(16, Math.Min(files - files / 10, files - Math.Min(used, files) - Reserve))
        : 0;
}

using System.Globalization;

namespace ErlChat.Load.Reports;

/// <summary>Describes the machine and what was measured, without which figures mean nothing.</summary>
internal static class Machine
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <param name="busyBefore">The result of <see cref="BusyAsync"/> before the run.</param>
    /// <param name="software">What else was measured, with its version. Null if there was nothing else.</param>
    internal static async Task<string> DescribeAsync(string busyBefore, string? software, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(Repository.Find("ErlChat.sln", "This is measured in the repository."))!;
        string? commit = await AskAsync("git", ["-C", folder, "describe", "--always", "--dirty"], cancellationToken);
        string? system = await AskAsync("uname", ["-sr"], cancellationToken);
        return $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, commit {commit ?? "unknown"}, .NET {Environment.Version}, "
            + $"{(software is null ? "" : software + ", ")}{system}, {Environment.ProcessorCount} cores ({Processor()}), "
            + $"servers and clients on the same cores, loopback; {busyBefore} busy before, "
            + $"{await BusyAsync(cancellationToken)} after. Each figure is of one run.";
    }

    /// <summary>The names and versions of Debian packages. Null if not all are installed.</summary>
    internal static async Task<string?> VersionsOfAsync(CancellationToken cancellationToken, params string[] packages) =>
        (await AskAsync("dpkg-query", ["--show", "--showformat", "${Package} ${Version}, ", .. packages], cancellationToken))?.TrimEnd(',');

    /// <summary>The share of all cores that is in use over two seconds. It should be about 0 before a run.</summary>
    internal static async Task<string> BusyAsync(CancellationToken cancellationToken)
    {
        (long idle, long all) = Ticks();
        await Task.Delay(s_look, TimeProvider.System, cancellationToken);
        (long idleAfter, long allAfter) = Ticks();
        return string.Create(CultureInfo.InvariantCulture, $"{100 - 100.0 * (idleAfter - idle) / Math.Max(1, allAfter - all):F0} %");
    }

    private static (long Idle, long All) Ticks()
    {
        // user, nice, system, idle, iowait, and the rest.
        long[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
        return (ticks[3] + ticks[4], ticks.Sum());
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1].Trim() ?? "unknown";

    private static async Task<string?> AskAsync(string program, string[] arguments, CancellationToken cancellationToken) =>
        Commands.Exists(program) ? await Commands.RunAsync(program, arguments, cancellationToken) : null;
}

namespace ErlChat.Load.Reports;

/// <summary>Where and what was measured: without it figures mean nothing.</summary>
internal static class Machine
{
    internal static async Task<string> DescribeAsync(string loadBefore, CancellationToken cancellationToken)
    {
        string? commit = Commands.Exists("git") ? await Commands.RunAsync("git", ["describe", "--always", "--dirty"], cancellationToken) : null;
        return $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, commit {commit ?? "unknown"}, .NET {Environment.Version}, {Environment.ProcessorCount} cores, "
            + $"servers and clients on the same cores, loopback; load average {loadBefore} before, {Load} after.";
    }

    /// <summary>The load average of the last minute: about 0 before an honest run.</summary>
    internal static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}

using System.Diagnostics;

namespace ErlChat.Load.Servers;

/// <summary>Runs programs that exit without being stopped.</summary>
internal static class Commands
{
    internal static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>The output of the program. Null when it failed.</summary>
    internal static async Task<string?> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(info) ?? throw new InvalidOperationException($"{program} did not start.");
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output.Trim() : null;
    }
}

using System.Diagnostics;

namespace ErlChat.Tests;

/// <summary>The tool as an operator runs it: the server's program with <c>log</c>.</summary>
internal static class ToolProcess
{
    /// <summary>Runs a command on a database.</summary>
    internal static async Task<(int Code, string Output, string Error)> RunAsync(string database, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [ServerProcess.Program, "log", .. args])
        {
            Environment = { ["Log__Path"] = database },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output, await error);
    }
}

using System.Diagnostics;

namespace ErlChat.Web.Tests;

/// <summary>Runs the server as an operator does, as a separate process that exits without being stopped.</summary>
internal static class ServerProgram
{
    internal static Task<Ran> RunAsync(params string[] args) => RunAsync([], args);

    /// <summary>Runs it until it exits.</summary>
    internal static async Task<Ran> RunAsync((string Name, string Value)[] environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Chat.Web.dll"), .. args])
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(60));
            return new Ran(process.ExitCode, await output.WithinAsync(), await error.WithinAsync());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}

/// <summary>How a program ended, and what it printed.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    internal string[] Errors => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

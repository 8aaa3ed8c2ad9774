using System.Diagnostics;
using ErlChat.Testing;

namespace ErlChat.EndToEnd;

/// <summary>Runs system programs.</summary>
internal static class Commands
{
    /// <summary>Runs a program until it exits. Returns null on success, otherwise its output.</summary>
    internal static async Task<string?> RunAsync(string program, params string[] args)
    {
        using Process process = Start(program, args);
        string said = await process.StandardError.ReadToEndAsync().WithinAsync();
        await process.WaitForExitAsync().WithinAsync();
        return process.ExitCode == 0 ? null : $"{program} {string.Join(' ', args)}: {said.Trim()}";
    }

    internal static Process Start(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardError = true };
        return Process.Start(start)!;
    }
}

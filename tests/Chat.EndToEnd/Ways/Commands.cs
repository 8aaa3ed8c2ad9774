using System.Diagnostics;
using ErlChat.Testing;

namespace ErlChat.EndToEnd;

/// <summary>Runs programs of the system.</summary>
internal static class Commands
{
    /// <summary>Runs one to its end. Null when that went well, otherwise what it said.</summary>
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

using System.Diagnostics;
using System.Text;

namespace ErlChat.Deploy;

/// <summary>Runs system programs until they exit.</summary>
internal static class Shell
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program and returns what it printed, including errors.</summary>
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    internal static async Task<string> RunAsync(string program, params string[] args)
    {
        (int code, string said) = await TryAsync(program, args);
        return code == 0 ? said : throw new InvalidOperationException($"{program} {string.Join(' ', args)} ended with {code}:\n{said}");
    }

    /// <summary>
    /// Runs a program and does not fail with it. After five minutes, or the given number, the program is killed together with its children.
    /// </summary>
    internal static async Task<(int Code, string Said)> TryAsync(string program, string[] args, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Repository.Root,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = new StringBuilder();
        void Take(string? line)
        {
            lock (said)
                said.AppendLine(line);
        }

        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit ?? s_limit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', args)} did not end. It said:\n{said}");
        }

        lock (said)
            return (process.ExitCode, said.ToString());
    }
}

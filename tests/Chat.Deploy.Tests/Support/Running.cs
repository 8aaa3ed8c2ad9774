using System.Collections.Concurrent;
using System.Diagnostics;

namespace ErlChat.Deploy;

/// <summary>
/// A program that keeps running, such as a server. It ends after ten minutes at the latest. Disposing stops it, and kills it if necessary.
/// </summary>
internal sealed class Running : IAsyncDisposable
{
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    private Running(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The id of the timeout process. The program is its child.</summary>
    internal int Id => _process.Id;

    /// <summary>What it has printed so far.</summary>
    internal string Said => string.Join('\n', _said);

    internal static Running Start(string[] command, string? folder = null, params (string Name, string Value)[] environment)
    {
        // timeout forwards signals, and exits with the program's code.
        var start = new ProcessStartInfo("timeout", ["-k", "5", "600", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Repository.Root,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return new Running(Process.Start(start)!);
    }

    /// <summary>Waits until a condition holds. Fails if the program exits first.</summary>
    internal async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.False(_process.HasExited, $"It ended before: {what}. It said:\n{Said}");
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < (limit ?? TimeSpan.FromSeconds(60)),
                $"Not in time: {what}. It said:\n{Said}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Asks it to stop (SIGTERM), and returns its exit code.</summary>
    internal async Task<int> StopAsync()
    {
        await Shell.TryAsync("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(s_stop, TimeProvider.System);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
                await StopAsync();
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace ErlChat.Deploy;

/// <summary>
/// A program that goes on, such as a server. It ends by itself after ten minutes at the most; disposing ends it, if need be hard.
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

    /// <summary>Of the process that keeps its time; the program is its child.</summary>
    internal int Id => _process.Id;

    /// <summary>What it printed so far.</summary>
    internal string Said => string.Join('\n', _said);

    internal static Running Start(string[] command, string? folder = null, params (string Name, string Value)[] environment)
    {
        // timeout passes a signal on, and ends as the program does.
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

    /// <summary>Waits until a condition holds; fails when the program has ended before.</summary>
    internal async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.False(_process.HasExited, $"It ended before: {what}. It said:\n{Said}");
            Assert.True(TimeProvider.System.GetElapsedTime(started) < (limit ?? TimeSpan.FromSeconds(60)), $"Not in time: {what}. It said:\n{Said}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Asks it to stop (SIGTERM), and gives its exit code.</summary>
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

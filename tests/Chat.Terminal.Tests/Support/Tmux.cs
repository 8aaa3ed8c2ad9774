using System.ComponentModel;
using System.Diagnostics;

namespace ErlChat.Terminal.Tests;

/// <summary>A terminal of 100 × 30 in tmux, on a separate tmux server. Types keys into a program and reads its screen.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private readonly string _socket = $"erlchat-{Guid.NewGuid():N}";

    /// <summary>Starts the terminal program and waits until it is in the chat.</summary>
    internal static async Task<Tmux> StartAsync(Uri server, string nick, string more = "")
    {
        Tmux tmux = await BeginAsync(server, nick, more);
        await tmux.SeeAsync("* Type /help for options *");
        return tmux;
    }

    /// <summary>Starts the terminal program. The next line of the shell says how it ended.</summary>
    /// <param name="before">What the shell does before.</param>
    internal static async Task<Tmux> BeginAsync(Uri server, string nick, string more, string before = "")
    {
        var tmux = new Tmux();
        string line = $"{before} dotnet '{Programs.Terminal}' chat --server {server} --nick {nick} {more}; "
            + "echo \"ended with $?\"; exec sleep 1000";
        await tmux.RunAsync("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", line);
        return tmux;
    }

    /// <summary>Kills the program, which cannot notice it.</summary>
    internal async Task KillAsync()
    {
        string shell = (await RunAsync("list-panes", "-F", "#{pane_pid}")).Trim();
        string program = (await File.ReadAllTextAsync($"/proc/{shell}/task/{shell}/children")).Trim();
        using Process process = Process.GetProcessById(int.Parse(program, System.Globalization.CultureInfo.InvariantCulture));
        process.Kill();
        await SeeAsync("ended with 137");
    }

    /// <summary>Types a text literally.</summary>
    internal Task TypeAsync(string text) => RunAsync("send-keys", "-l", text);

    /// <summary>Presses keys by their tmux names.</summary>
    internal Task PressAsync(params string[] keys) => RunAsync(["send-keys", .. keys]);

    internal async Task EnterAsync(string text)
    {
        await TypeAsync(text);
        await PressAsync("Enter");
    }

    /// <summary>The lines of the screen, without the empty ones.</summary>
    internal async Task<string[]> ScreenAsync() =>
        [.. (await RunAsync("capture-pane", "-p", "-J")).Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    /// <summary>Waits until a line is on the screen.</summary>
    internal Task SeeAsync(string line) => WaitAsync(screen => screen.Contains(line), line);

    /// <summary>Waits until the lowest line, where the user types, is this.</summary>
    internal Task SeePromptAsync(string line) => WaitAsync(screen => screen[^1] == line, "lowest: " + line);

    internal async Task WaitAsync(Func<string[], bool> condition, string what)
    {
        string[] screen = [];
        long started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20))
        {
            screen = await ScreenAsync();
            if (screen.Length > 0 && condition(screen))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
        }

        Assert.Fail($"The screen never had '{what}'. It has:\n{string.Join('\n', screen)}");
    }

    public async ValueTask DisposeAsync() => await RunAsync("kill-server");

    private async Task<string> RunAsync(params string[] arguments)
    {
        try
        {
            using Process process = Programs.Start(
                "tmux", new() { ["TERM"] = "xterm-256color", ["LANG"] = "C.UTF-8" }, ["-u", "-L", _socket, .. arguments]);
            string output = await process.StandardOutput.ReadToEndAsync().WithinAsync();
            await process.WaitForExitAsync().WithinAsync();
            return output;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                "This test drives the program in a terminal and needs tmux: install the Debian package 'tmux'.", e);
        }
    }
}

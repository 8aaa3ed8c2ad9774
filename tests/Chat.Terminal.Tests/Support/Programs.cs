using System.Diagnostics;

namespace ErlChat.Terminal.Tests;

/// <summary>Runs the built programs, which are next to the tests.</summary>
internal static class Programs
{
    internal static string Terminal { get; } = Path.Combine(AppContext.BaseDirectory, "Chat.Terminal.dll");

    internal static string Web { get; } = Path.Combine(AppContext.BaseDirectory, "Chat.Web.dll");

    /// <summary>Where the terminal programs of this run store their sessions.</summary>
    internal static string State { get; } = CreateState();

    /// <summary>Runs the terminal program with these arguments and this input. Returns its exit code and output.</summary>
    internal static Task<Ran> RunTerminalAsync(string input, params string[] arguments) => RunTerminalAsync(input, [], arguments);

    internal static async Task<Ran> RunTerminalAsync(string input, Dictionary<string, string> environment, string[] arguments)
    {
        using Process process = Start("dotnet", environment, [Terminal, .. arguments]);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(30));
        return new Ran(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a server as a separate process, which can be killed.</summary>
    internal static Process StartWeb(int port, params string[] options) =>
        Start("dotnet", [], [Web, "--urls", $"http://127.0.0.1:{port}", "--Peer:Port=0", "--Logging:LogLevel:Default=Warning", .. options]);

    internal static Process Start(string program, Dictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment.Remove("nick");
        start.Environment.Remove("server");
        start.Environment["XDG_STATE_HOME"] = State;
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Starts the terminal program without a terminal, and waits until it is in the chat.</summary>
    internal static async Task<Process> StartChatAsync(Uri server, string nick)
    {
        Process terminal = Start("dotnet", [], [Terminal, "chat", "--server", server.ToString(), "--nick", nick]);
        await UntilAsync(terminal, "* Type /help for options *");
        return terminal;
    }

    /// <summary>Ends a program's input, and waits until it has ended.</summary>
    internal static async Task EndAsync(Process program)
    {
        program.StandardInput.Close();
        await program.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Reads until the program writes this line. Returns the lines before it.</summary>
    internal static async Task<List<string>> UntilAsync(Process program, string line)
    {
        var seen = new List<string>();
        while (await program.StandardOutput.ReadLineAsync().WithinAsync(TimeSpan.FromSeconds(30)) is { } next)
        {
            if (next == line)
                return seen;
            seen.Add(next);
        }

        throw new InvalidOperationException($"The program ended before '{line}':\n{string.Join('\n', seen)}");
    }

    private static string CreateState()
    {
        string folder = Directory.CreateTempSubdirectory("erlchat-state-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}

/// <summary>How a program ended, and what it printed.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error)
{
    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ErlChat.Tests;

/// <summary>A server in a process of its own, which can be killed. Disposing it kills it.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int StopSignal = 19;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isDisposed;

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            const string listening = "Now listening on: ";
            _output.Enqueue(line.Data ?? "");
            if (line.Data is null)
                _address.TrySetResult(null);
            else if (line.Data.IndexOf(listening, StringComparison.Ordinal) is >= 0 and var at)
                _address.TrySetResult(new Uri(line.Data[(at + listening.Length)..]));
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                _errors.Enqueue(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The program, built beside these tests.</summary>
    internal static string Program
    {
        get
        {
            string framework = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
            return Path.Combine(Root, "src", "Chat.Web", "bin", configuration, framework, "Chat.Web.dll");
        }
    }

    private static string Root
    {
        get
        {
            DirectoryInfo root = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "ErlChat.sln")))
                root = root.Parent!;
            return root.FullName;
        }
    }

    /// <summary>Lines of the output.</summary>
    internal IReadOnlyCollection<string> Output => _output;

    /// <summary>Lines of the error output.</summary>
    internal IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Starts a process; it may fail to start serving.</summary>
    internal static ServerProcess Launch(string database, params string[] more) => Launch(database, maxFiles: null, more);

    /// <summary>The same, with a limit on open files.</summary>
    internal static ServerProcess Launch(string database, int? maxFiles, params string[] more)
    {
        return Start(maxFiles, ["--urls", "http://127.0.0.1:0", "--Log:Path", database, .. more]);
    }

    /// <summary>Starts a node of a chat that several share; it may fail to start serving.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="database">The connection string of the database that the nodes share.</param>
    /// <param name="address">Where it listens; null for a free port.</param>
    /// <param name="more">Further options.</param>
    internal static ServerProcess LaunchNode(string name, string database, Uri? address = null, params string[] more) => Start(
        maxFiles: null,
        [
            "--urls", address?.ToString() ?? "http://127.0.0.1:0", "--Log:Kind=Postgres", $"--Log:Connection={database}",
            $"--Node:Name={name}", "--Node:Cookie=a-secret-of-all-nodes", .. more,
        ]);

    private static ServerProcess Start(int? maxFiles, string[] options)
    {
        string[] args = [Program, "--Peer:Port=0", .. options];
        (string file, string[] before) = maxFiles is { } most
            ? ("sh", ["-c", $"ulimit -n {most}; exec dotnet \"$@\"", "sh"])
            : ("dotnet", Array.Empty<string>());
        return new ServerProcess(Process.Start(new ProcessStartInfo(file, [.. before, .. args])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Starts a server, and waits until it listens, which is when it has replayed its log.</summary>
    internal static Task<(ServerProcess Server, Uri Address)> StartAsync(string database, params string[] more) =>
        Launch(database, more).ListeningAsync();

    /// <summary>Waits until it listens.</summary>
    internal async Task<(ServerProcess Server, Uri Address)> ListeningAsync()
    {
        ServerProcess server = this;
        Uri? address = await server._address.Task.WithinAsync(TimeSpan.FromSeconds(90));
        return address is null
            ? throw new InvalidOperationException($"The server did not start: {string.Join('\n', server.Errors)}")
            : (server, address);
    }

    /// <summary>Kills the process at once, which is as close to a power failure as a process can get.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WithinAsync();
    }

    /// <summary>Stops the process from running, like a suspended machine, and resumes it later.</summary>
    internal void Suspend() => Kill(_process.Id, StopSignal);

    /// <inheritdoc cref="Suspend"/>
    internal void Resume() => Kill(_process.Id, Continue);

    /// <summary>Whether it has ended.</summary>
    internal bool HasExited => _process.HasExited;

    /// <summary>Asks it to stop, and does not wait.</summary>
    internal void BeginStop() => Kill(_process.Id, Terminate);

    /// <summary>Asks it to stop.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> StopAsync()
    {
        Kill(_process.Id, Terminate);
        return await ExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    internal async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WithinAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

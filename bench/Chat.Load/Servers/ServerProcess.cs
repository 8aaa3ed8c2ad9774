using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ErlChat.Load.Servers;

/// <summary>A server in a separate process, whose memory and CPU time the kernel counts. Disposing stops it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_probe = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly string? _heapFile;
    private int _measured;

    private ServerProcess(Process process, ServerStart start) =>
        (_process, Port, _measured, _heapFile) = (process, start.Port, process.Id, start.HeapFile);

    internal int Port { get; }

    /// <summary>When it began to listen, as a <see cref="Clock"/> time.</summary>
    internal long ListeningSince { get; private set; }

    /// <summary>The private memory of the process, in bytes (<c>Private_*</c> of smaps_rollup).</summary>
    internal long PrivateBytes => File.ReadLines($"/proc/{_measured}/smaps_rollup")
        .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
        .Sum(KilobytesIn) * 1024;

    /// <summary>The resident memory, in bytes, including code and what it shares with other processes.</summary>
    internal long ResidentBytes => StatusOf("VmRSS:");

    /// <summary>The peak of the resident memory since the start, in bytes.</summary>
    internal long PeakBytes => StatusOf("VmHWM:");

    /// <summary>The size of the GC heap in bytes, as the process last wrote it. Null when it has none or does not write it.</summary>
    internal long? HeapBytes => _heapFile is not null && File.Exists(_heapFile)
        && long.TryParse(File.ReadAllText(_heapFile), CultureInfo.InvariantCulture, out long bytes)
        ? bytes
        : null;

    /// <summary>User and system time of all its threads, to the nanosecond.</summary>
    internal TimeSpan CpuTime => ProcessCpu.Of(_measured);

    /// <summary>Starts the program. It is ready when it answers the ready path with any status except a server error.</summary>
    internal static async Task<ServerProcess> StartAsync(ServerStart start, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(start.Program, start.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in start.Environment)
            info.Environment[name] = value;
        Process process = Process.Start(info) ?? throw new InvalidOperationException($"{start.Program} did not start.");
        var server = new ServerProcess(process, start);
        process.OutputDataReceived += (_, line) => server.Remember(line.Data);
        process.ErrorDataReceived += (_, line) => server.Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilReadyAsync(start.ReadyPath, cancellationToken);
            if (start.MeasuresChild)
                server._measured = ChildOf(process.Id);
        }
        catch (Exception e)
        {
            await server.DisposeAsync();
            if (e is IOException && server.LastWords() is { Length: > 0 } words)
                throw new IOException($"{e.Message} Its last words: {words}", e);
            throw;
        }

        return server;
    }

    /// <summary>The last output of the process, to explain a failure.</summary>
    internal string LastWords()
    {
        lock (_lastLines)
            return string.Join(Environment.NewLine, _lastLines);
    }

    /// <summary>Asks the process to stop and waits until it has exited. Returns how long that took.</summary>
    internal async Task<TimeSpan> StopAsync(CancellationToken cancellationToken)
    {
        long started = Clock.Now;
        _ = Native.Kill(_process.Id, SigTerm);
        await _process.WaitForExitAsync(cancellationToken);
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>Kills the process as a crash would.</summary>
    internal async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        if (_heapFile is not null)
            File.Delete(_heapFile);
    }

    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 10)
                _lastLines.Dequeue();
        }
    }

    private async Task WaitUntilReadyAsync(string path, CancellationToken cancellationToken)
    {
        await WaitUntilListeningAsync(cancellationToken);
        using var http = new HttpClient { Timeout = s_startLimit };
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://127.0.0.1:{Port}{path}"), cancellationToken);
            if ((int)answer.StatusCode < 500)
                return;
            await Task.Delay(s_probe, TimeProvider.System, cancellationToken);
        }
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        long started = Clock.Now;
        while (true)
        {
            if (_process.HasExited)
                throw new IOException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}.");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                ListeningSince = Clock.Now;
                return;
            }
            catch (SocketException) when (TimeProvider.System.GetElapsedTime(started) < s_startLimit)
            {
                await Task.Delay(s_probe, TimeProvider.System, cancellationToken);
            }
        }
    }

    private long StatusOf(string name) =>
        KilobytesIn(File.ReadLines($"/proc/{_measured}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))) * 1024;

    private static long KilobytesIn(string line) =>
        long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static int ChildOf(int process)
    {
        int[] children = ProcessCpu.ChildrenOf(process);
        return children is [int child]
            ? child
            : throw new InvalidOperationException($"Process {process} should have one worker, not: {string.Join(' ', children)}");
    }
}

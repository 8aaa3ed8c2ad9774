using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ErlChat.Load;

/// <summary>A server of our own in a process of its own, whose memory and CPU time the kernel counts. Disposing ends it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ServerProcess(Process process, int port) => (_process, Port) = (process, port);

    internal int Port { get; }

    /// <summary>Memory that the process alone keeps, in bytes (<c>Private_*</c> of smaps_rollup).</summary>
    internal long PrivateBytes => File.ReadLines($"/proc/{_process.Id}/smaps_rollup")
        .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) * 1024;

    internal TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    internal static async Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        int port = FreePort();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in new[]
        {
            FindServer(), "--urls", $"http://127.0.0.1:{port}", "--Chat:MaxSessionsPerHost=1000000", "--Chat:RateLimitCount=100000",
            "--Chat:PollTimeout=00:09:00", "--Chat:IdleLimit=01:00:00", "--Log:Kind=Memory", "--Peer:Port=0", "--Logging:LogLevel:Default=Warning",
        })
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        process.OutputDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        var server = new ServerProcess(process, port);
        await server.WaitUntilReadyAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://127.0.0.1:{Port}/readyz"), cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!_process.HasExited && TimeProvider.System.GetElapsedTime(started) < s_startLimit)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    private static string FindServer()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string program = Path.Combine(folder.FullName, "src/Chat.Web/bin/Release/net10.0/Chat.Web.dll");
            if (File.Exists(program))
                return program;
        }

        throw new FileNotFoundException("Build the server first: dotnet build src/Chat.Web -c Release");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

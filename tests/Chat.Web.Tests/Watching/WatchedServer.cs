using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ErlChat.Web.Tests.Watching;

/// <summary>A server in a separate process, with its metrics at a separate address. Disposing kills it.</summary>
internal sealed partial class WatchedServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _chat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _metrics = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WatchedServer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            _output.Enqueue(line.Data ?? "");
            if (line.Data is not { } text || Address().Match(text) is not { Success: true } found)
                return;
            if (text.Contains("Now listening on", StringComparison.Ordinal))
                _chat.TrySetResult(new Uri(found.Value));
            else if (text.Contains("Metrics and health are at", StringComparison.Ordinal))
                _metrics.TrySetResult(new Uri(found.Value));
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal IEnumerable<string> Output => _output.Where(line => line.Length > 0);

    internal Task<Uri> ChatAsync() => _chat.Task.WithinAsync(TimeSpan.FromSeconds(60));

    internal Task<Uri> MetricsAsync() => _metrics.Task.WithinAsync(TimeSpan.FromSeconds(60));

    internal static WatchedServer Launch(params string[] options)
    {
        string[] args =
        [
            Path.Combine(AppContext.BaseDirectory, "Chat.Web.dll"), "--urls", "http://127.0.0.1:0", "--Peer:Port=0", .. options,
        ];
        return new WatchedServer(Process.Start(new ProcessStartInfo("dotnet", args)
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().WithinAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}

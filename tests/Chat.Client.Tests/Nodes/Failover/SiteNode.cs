using System.Net;
using ErlChat.Tests;

namespace ErlChat.Client.Tests.Nodes.Failover;

/// <summary>A node of a site, which is started again under the same name and address after it was killed.</summary>
internal sealed class SiteNode(int number, string database) : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly List<ServerProcess> _runs = [];

    internal string Name => $"node{number}";

    internal Uri Address { get; } = new($"http://127.0.0.1:{LoopbackPort.Free()}");

    /// <summary>What all its runs have said.</summary>
    internal string Said => string.Join('\n', _runs.SelectMany(run => run.Output.Concat(run.Errors)));

    internal void Start() => _runs.Add(ServerProcess.LaunchNode(
        Name,
        database,
        Address,
        "--Chat:MaxSessionsPerHost=1000",
        "--Limits:Enabled=false"));

    internal Task KillAsync() => _runs[^1].KillAsync();

    /// <summary>Waits until it says that it works.</summary>
    internal async Task ReadyAsync(TimeSpan limit)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (await StatusAsync() != HttpStatusCode.OK)
        {
            if (_runs[^1].HasExited || TimeProvider.System.GetElapsedTime(started) > limit)
                throw new TimeoutException($"{Name} is not ready within {limit.TotalSeconds} s:\n{Said}");
            await Task.Delay(s_look, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess run in _runs)
            await run.DisposeAsync();
        _http.Dispose();
    }

    private async Task<HttpStatusCode?> StatusAsync()
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(Address, "readyz"));
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}

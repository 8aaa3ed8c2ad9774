using System.Globalization;
using System.Net.Http.Headers;
using ErlChat.Nodes;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Nodes;

/// <summary>
/// Asks other nodes for a sign of life over HTTP, at the addresses that they have announced themselves and at no others. Whoever asks about
/// a node within a second shares one request, so strangers cannot make the nodes talk to each other more than that. Thread-safe.
/// </summary>
internal sealed class NodePing : INodePing, IDisposable
{
    /// <summary>How long a ping takes at most.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a result is shared.</summary>
    internal static TimeSpan Shared { get; } = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Task<bool> Ping, long Started)> _running = new(StringComparer.Ordinal);
    private readonly INodes _nodes;
    private readonly TimeProvider _time;
    private readonly PingProof? _proof;
    private readonly HttpClient _http;

    public NodePing(INodes nodes, IOptions<NodeOptions> options, TimeProvider time)
    {
        (_nodes, _time) = (nodes, time);
        _proof = options.Value.Cookie is { } cookie ? new PingProof(cookie) : null;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = Patience,
            MaxConnectionsPerServer = 2,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        };
        _http = new HttpClient(handler) { MaxResponseContentBufferSize = 1024, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ErlChat", null));
    }

    public Task<bool> PingAsync(string node)
    {
        IReadOnlyList<NodeView> all = _nodes.All;
        if (all[0].Name == node)
            return Task.FromResult(true);
        if (_proof is null || all.FirstOrDefault(one => one.Name == node) is not { Address.Length: > 0 } other)
            return Task.FromResult(false);
        lock (_gate)
        {
            foreach ((string name, (Task<bool> ping, long started)) in _running)
            {
                // Removing while enumerating is allowed.
                if (ping.IsCompleted && _time.GetElapsedTime(started) >= Shared)
                    _running.Remove(name);
            }

            if (!_running.TryGetValue(node, out (Task<bool> Ping, long Started) running))
                _running[node] = running = (AskAsync(other), _time.GetTimestamp());
            return running.Ping;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> AskAsync(NodeView node)
    {
        string nonce = PingProof.NewNonce();
        long time = _time.GetUtcNow().ToUnixTimeSeconds();
        string proof = _proof!.OfQuestion(node.Name, nonce, time);
        string path = ProofEndpoint.PathOf(node.Name);
        string url = string.Create(CultureInfo.InvariantCulture, $"{node.Address}{path}?nonce={nonce}&time={time}&proof={proof}");
        using var patience = new CancellationTokenSource(Patience, _time);
        try
        {
            // The caller holds a lock, and looking up a host's name may block.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            string answer = await _http.GetStringAsync(new Uri(url), patience.Token);
            return PingProof.Matches(_proof.OfAnswer(node.Name, nonce, time), answer);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            return false;
        }
    }
}

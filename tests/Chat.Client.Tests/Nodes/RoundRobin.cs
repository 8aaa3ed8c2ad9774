namespace ErlChat.Client.Tests.Nodes;

/// <summary>
/// A balancer without stickiness, inside the client: every request goes to the next node. A node that refuses the connection is left out
/// until the next request.
/// </summary>
internal sealed class RoundRobin : HttpMessageHandler
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private volatile Uri[] _nodes = [];
    private int _next;

    /// <summary>The address that clients are given. Nothing listens there.</summary>
    internal static Uri Address { get; } = new("http://127.0.0.1:1");

    /// <summary>The nodes in use.</summary>
    internal Uri[] Nodes
    {
        get => _nodes;
        set => _nodes = value;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri[] nodes = _nodes;
        Uri node = nodes[(int)((uint)Interlocked.Increment(ref _next) % (uint)nodes.Length)];
        request.RequestUri = new Uri(node, request.RequestUri!.PathAndQuery);
        return await _http.SendAsync(request, cancellationToken);
    }
}

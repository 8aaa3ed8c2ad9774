using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls that need no login.</summary>
public sealed partial class ChatClient
{
    /// <summary>The servers of the chat.</summary>
    /// <exception cref="ChatUnavailableException">
    /// The server could not be reached within <see cref="ChatClientOptions.LoginPatience"/>.
    /// </exception>
    /// <exception cref="ChatProtocolException">The server is not a chat server.</exception>
    public static async Task<IReadOnlyList<NodeInfo>> NodesAsync(
        Uri server,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        CometAnswer answer = await AskAsync(server, "nodes", options, cancellationToken).ConfigureAwait(false);
        return answer.Response.ValueKind == JsonValueKind.Array ? [.. answer.Response.EnumerateArray().Select(NodeOf)] : [];
    }

    /// <summary>
    /// Has a server ask a node of its chat for a sign of life. False if the node does not answer, or nobody knows it.
    /// </summary>
    /// <param name="server">The server that asks.</param>
    /// <param name="node">The node's name, as in <see cref="NodesAsync"/>.</param>
    /// <inheritdoc cref="NodesAsync" path="/exception"/>
    public static async Task<bool> PingNodeAsync(
        Uri server,
        string node,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        string path = $"nodes/{Uri.EscapeDataString(node)}/ping";
        CometAnswer answer = await AskAsync(server, path, options, cancellationToken).ConfigureAwait(false);
        return answer.Response.ValueKind == JsonValueKind.String && answer.Response.ValueEquals("pong"u8);
    }

    private static async Task<CometAnswer> AskAsync(
        Uri server,
        string path,
        ChatClientOptions? options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        options ??= new ChatClientOptions();
        options.Check();
        using var http = new CometHttp(server, options);
        CometAnswer answer = await Retry.RunAsync(
            _ => AskOnceAsync(http, path, options, cancellationToken),
            options.LoginPatience,
            options,
            cancellationToken).ConfigureAwait(false);
        answer.OrThrow();
        return answer;
    }

    private static async Task<CometAnswer> AskOnceAsync(
        CometHttp http,
        string path,
        ChatClientOptions options,
        CancellationToken cancellationToken)
    {
        try
        {
            return await http.AskAsync(path, null, null, options.RequestTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerFault fault) when (fault.IsForeign)
        {
            throw new ChatProtocolException(fault.Message, fault);
        }
    }

    private static NodeInfo NodeOf(JsonElement node) => new(
        WireCalls.Text(node, "name"),
        WireCalls.Text(node, "version"),
        TimeOf(node, "uptime") ?? TimeSpan.Zero,
        (int)(WireCalls.Number(node, "sessions") ?? 0),
        (int)(WireCalls.Number(node, "parked") ?? 0))
    {
        Lag = TimeOf(node, "lag"),
    };

    private static TimeSpan? TimeOf(JsonElement node, string name) =>
        WireCalls.Number(node, name) is >= 0 and < 1e9 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
}

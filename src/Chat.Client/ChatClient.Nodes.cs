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
    public static Task<IReadOnlyList<NodeInfo>> NodesAsync(
        Uri server,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default) =>
        NodesAsync([server], options, cancellationToken);

    /// <summary>The servers of the chat, as one of the given servers knows them.</summary>
    /// <inheritdoc cref="NodesAsync(Uri, ChatClientOptions?, CancellationToken)"/>
    public static async Task<IReadOnlyList<NodeInfo>> NodesAsync(
        IEnumerable<Uri> servers,
        ChatClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(servers);
        options ??= new ChatClientOptions();
        options.Check();
        using var http = new CometHttp(servers, options);
        CometAnswer answer = await Retry.RunAsync(
            _ => AskNodesAsync(http, options, cancellationToken),
            options.LoginPatience,
            options,
            cancellationToken).ConfigureAwait(false);
        answer.OrThrow();
        return answer.Response.ValueKind == JsonValueKind.Array ? [.. answer.Response.EnumerateArray().Select(NodeOf)] : [];
    }

    private static async Task<CometAnswer> AskNodesAsync(CometHttp http, ChatClientOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await http.AskAsync("nodes", null, null, options.RequestTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerFault fault) when (fault.IsForeign && !fault.HasAlternative)
        {
            throw new ChatProtocolException(fault.Message, fault);
        }
    }

    private static NodeInfo NodeOf(JsonElement node) => new(
        WireCalls.Text(node, "name"),
        WireCalls.Text(node, "version"),
        WireCalls.Number(node, "uptime") is >= 0 and < 1e9 and var seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero,
        (int)(WireCalls.Number(node, "sessions") ?? 0),
        (int)(WireCalls.Number(node, "parked") ?? 0));
}

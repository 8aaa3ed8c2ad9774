using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ErlChat.Web.WebSockets;

/// <summary>
/// Upgrades a request to a WebSocket connection (RFC 6455, section 4.2; RFC 8441 over HTTP/2), without subprotocols or extensions.
/// </summary>
internal static class Handshake
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>
    /// Accepts the upgrade and returns the transport, which the request owns. <see cref="WebSocketManager.IsWebSocketRequest"/> must be
    /// true.
    /// </summary>
    internal static async Task<Stream> AcceptAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            return await connect.AcceptAsync();

        IHttpUpgradeFeature upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        IHeaderDictionary headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AcceptOf(context.Request.Headers.SecWebSocketKey.ToString());

        // Otherwise Kestrel would abort slow readers by its own rules, without a close frame.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        return await upgrade.UpgradeAsync();
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 requires SHA-1. It only proves that a WebSocket server answers.")]
    private static string AcceptOf(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
}

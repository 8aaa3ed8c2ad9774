using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary><c>/chat-server</c>: lets a connection in and serves it, or refuses the upgrade.</summary>
internal sealed class FlackEndpoint(FlackDoor door, FlackConnections connections, FlackMetrics metrics)
{
    internal async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            AskForUpgrade(context.Response);
            return;
        }

        string host = HostAddress.Of(context.Connection.RemoteIpAddress);
        using FlackAdmission? admission = connections.Admit(host, out int status);
        if (admission is null)
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "10";
            return;
        }

        if (await AcceptAsync(context) is not { } transport)
            return;

        // A client that does not read is told so by the door, after a time of its own. A connection of HTTP/2 has others beside it.
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Features.Get<WatchedWriter>()?.Exempt();
        await using var connection = new FlackConnection(door, admission, transport, context.Abort);
        admission.Serve(connection);
        metrics.Ended(await connection.RunAsync());
    }

    /// <summary>
    /// The upgraded stream; null when Kestrel has as many of them as it may have (<c>Kestrel:Limits:MaxConcurrentUpgradedConnections</c>).
    /// </summary>
    private static async Task<Stream?> AcceptAsync(HttpContext context)
    {
        try
        {
            return await Handshake.AcceptAsync(context);
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "10";
            return null;
        }
    }

    private static void AskForUpgrade(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status426UpgradeRequired;
        response.Headers.Upgrade = "websocket";
        response.Headers.Connection = "Upgrade";
        response.Headers.SecWebSocketVersion = "13";
        response.ContentLength = 0;
    }
}

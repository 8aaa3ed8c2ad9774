using ErlChat.Sessions;
using ErlChat.Web.Backpressure;
using ErlChat.Web.WebSockets;

namespace ErlChat.Web.Flack;

/// <summary><c>/chat-server</c>: admits and serves a connection, or refuses the upgrade.</summary>
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

        // The flack protocol has its own time limit for clients that do not read, and tells them. An HTTP/2 connection also carries other
        // requests, so it stays watched.
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Features.Get<WatchedWriter>()?.Exempt();
        await using var connection = new FlackConnection(door, admission, transport, context.Abort);
        admission.Serve(connection);
        metrics.Ended(await connection.RunAsync());
    }

    /// <summary>Returns the upgraded stream; null if <c>Kestrel:Limits:MaxConcurrentUpgradedConnections</c> is reached.</summary>
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

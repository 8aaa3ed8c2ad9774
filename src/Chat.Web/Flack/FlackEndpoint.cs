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

        Stream transport = await Handshake.AcceptAsync(context);

        // A client that does not read is told so by the door, after a time of its own. A connection of HTTP/2 has others beside it.
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Features.Get<WatchedWriter>()?.Exempt();
        await using var connection = new FlackConnection(door, admission, transport, context.Abort);
        admission.Serve(connection);
        metrics.Ended(await connection.RunAsync());
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

using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Backpressure;

/// <summary>
/// Aborts connections whose clients do not read what is sent to them. The fast lane does this for its own connections. Thread-safe.
/// </summary>
internal sealed class SlowClients(IOptions<AnswerOptions> options, TimeProvider time)
{
    internal ConnectionDelegate Watch(ConnectionDelegate next) => connection =>
    {
        var output = new WatchedWriter(connection.Transport.Output, time, options.Value.SendTimeout);
        connection.Features.Set(output);
        connection.Transport = new Watched(connection.Transport.Input, output);
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(
            static state =>
            {
                (ConnectionContext connection, WatchedWriter output) = ((ConnectionContext, WatchedWriter))state;
                if (output.IsOverdue)
                    connection.Abort(TakesNothing);
            },
            (connection, output));
        return next(connection);
    };

    /// <summary>The reason given when such a connection is aborted.</summary>
    internal static ConnectionAbortedException TakesNothing => new("The client took nothing of what was sent to it for too long.");

    private sealed record Watched(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

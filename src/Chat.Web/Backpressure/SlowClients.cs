using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Backpressure;

/// <summary>Ends connections whose clients take nothing of what is sent to them, where the fast lane does not do it. Thread-safe.</summary>
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

    /// <summary>Why such a connection ends.</summary>
    internal static ConnectionAbortedException TakesNothing => new("The client took nothing of what was sent to it for too long.");

    private sealed record Watched(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

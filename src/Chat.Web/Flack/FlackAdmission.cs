namespace ErlChat.Web.Flack;

/// <summary>A connection's place among the others. Whoever got it disposes it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FlackAdmission(FlackConnections connections, string host) : IDisposable
{
    private readonly Lock _gate = new();
    private FlackConnection? _connection;
    private bool _decided;
    private bool _stopped;

    /// <summary>The client's canonical address.</summary>
    internal string Host { get; } = host;

    /// <summary>Names the connection that is to end when the server stops; at once when that has begun.</summary>
    internal void Serve(FlackConnection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            if (!_stopped)
                return;
        }

        connection.End(FlackEnd.Stopping);
    }

    internal void Stop()
    {
        FlackConnection? connection;
        lock (_gate)
            (connection, _stopped) = (_connection, true);
        connection?.End(FlackEnd.Stopping);
    }

    /// <summary>It has logged in or was refused: it no longer counts beside the host's sessions.</summary>
    internal void Decided()
    {
        lock (_gate)
        {
            if (_decided)
                return;
            _decided = true;
        }

        connections.Decide(Host);
    }

    public void Dispose()
    {
        Decided();
        connections.Remove(this);
    }
}

namespace ErlChat.Web.Flack;

/// <summary>A connection's place within the limit of connections. The caller that was given it disposes it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FlackAdmission(FlackConnections connections, string host) : IDisposable
{
    private readonly Lock _gate = new();
    private FlackConnection? _connection;
    private bool _decided;
    private bool _stopped;

    /// <summary>The client's canonical address.</summary>
    internal string Host { get; } = host;

    /// <summary>Sets the connection, which is ended when the server stops, or at once if it is already stopping.</summary>
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

    /// <summary>The client has logged in or was refused. The connection no longer counts in addition to the host's sessions.</summary>
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

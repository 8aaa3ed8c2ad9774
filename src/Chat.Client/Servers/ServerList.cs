namespace ErlChat.Client;

/// <summary>
/// The servers of one chat, and which of them to ask. A client stays with one server until that fails. It then asks the next one at once.
/// The server that failed is left alone for a while, which grows with each failure in a row.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ServerList
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;

    /// <summary>In the order of preference. It is random, so that the clients of a server that fails spread over all the others.</summary>
    private readonly Server[] _servers;
    private Server _current;

    internal ServerList(IEnumerable<Uri> addresses, ChatClientOptions options)
    {
        _time = options.Time;
        _servers = [.. ServerAddresses.Check(addresses).Select(address => new Server(address, options))];
        Random.Shared.Shuffle(_servers);
        _current = _servers[0];
    }

    /// <summary>Whether there is more than one server.</summary>
    internal bool IsSeveral => _servers.Length > 1;

    /// <summary>The server to ask, and a token that is cancelled if another call finds that this server does not answer.</summary>
    internal (Server Server, CancellationToken Silent) Current
    {
        get
        {
            lock (_gate)
                return (_current, IsSeveral ? _current.Silent.Token : CancellationToken.None);
        }
    }

    /// <summary>
    /// A server that the client prefers to its current one, that failed and has been left alone for long enough. Null if there is none.
    /// </summary>
    internal Server? Due
    {
        get
        {
            lock (_gate)
            {
                long now = _time.GetTimestamp();
                return _servers.TakeWhile(server => server != _current).FirstOrDefault(server => !server.IsResting(now));
            }
        }
    }

    /// <summary>Records that a server answered.</summary>
    internal void Answered(Server server)
    {
        lock (_gate)
            server.Recover();
    }

    /// <summary>Records that a server says it works again, and goes back to it.</summary>
    internal void ReturnTo(Server server)
    {
        lock (_gate)
        {
            server.EndRest();
            _current = server;
        }
    }

    /// <summary>Records that a server failed. Returns whether another one can be asked at once.</summary>
    /// <param name="failed">The server.</param>
    /// <param name="asked">How long the server asked to wait; null if it did not.</param>
    /// <param name="isSilent">Whether it gave no answer at all. Then other reads that wait for its answer give up.</param>
    internal bool Failed(Server failed, TimeSpan? asked, bool isSilent)
    {
        if (!IsSeveral)
            return false;
        CancellationTokenSource? silent = null;
        bool another;
        lock (_gate)
        {
            long now = _time.GetTimestamp();

            // Several calls may report the same failure.
            if (!failed.IsResting(now))
                failed.Rest(now, asked);
            if (_current == failed)
                _current = After(failed, now);
            another = !_current.IsResting(now);
            if (isSilent)
                silent = failed.Silence();
        }

        _ = silent?.CancelAsync();
        return another;
    }

    /// <summary>The next server that is not resting. If all are, just the next one, so that each of them is tried in turn.</summary>
    private Server After(Server failed, long now)
    {
        int at = Array.IndexOf(_servers, failed);
        Server[] others = [.. _servers[(at + 1)..], .. _servers[..at]];
        return others.FirstOrDefault(server => !server.IsResting(now)) ?? others[0];
    }
}

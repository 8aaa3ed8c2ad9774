using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Flack;

/// <summary>All open flack connections. Limits their number, in total and per host, and ends them when the server stops.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FlackConnections(ChatRoom room, IOptions<FlackOptions> options)
{
    private readonly Lock _gate = new();
    private readonly HashSet<FlackAdmission> _admitted = [];
    private readonly Dictionary<string, int> _undecided = new(StringComparer.Ordinal);
    private bool _stopping;

    /// <summary>How many connections are open.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _admitted.Count;
        }
    }

    /// <summary>
    /// Admits a connection, or returns null and the HTTP status of the refusal. Connections that have not logged in yet count as sessions
    /// of their host; otherwise a host could open any number of them.
    /// </summary>
    internal FlackAdmission? Admit(string host, out int status)
    {
        lock (_gate)
        {
            if (_stopping || _admitted.Count >= options.Value.MaxConnections)
            {
                status = StatusCodes.Status503ServiceUnavailable;
                return null;
            }

            int undecided = _undecided.GetValueOrDefault(host);
            if (room.HostRefusal(host, coming: undecided) is { } refused)
            {
                status = refused.Why == Refusal.HostBanned ? StatusCodes.Status403Forbidden : StatusCodes.Status429TooManyRequests;
                return null;
            }

            var admission = new FlackAdmission(this, host);
            _admitted.Add(admission);
            _undecided[host] = undecided + 1;
            status = StatusCodes.Status101SwitchingProtocols;
            return admission;
        }
    }

    /// <summary>Ends every connection and admits no more. Does not block.</summary>
    /// <remarks>
    /// Does not rely on <see cref="PostOffice.IsStopping"/>. Stop callbacks run in reverse order of registration, and a connection admitted
    /// between the two would delay the stop.
    /// </remarks>
    internal void StopAll()
    {
        FlackAdmission[] all;
        lock (_gate)
        {
            _stopping = true;
            all = [.. _admitted];
        }

        foreach (FlackAdmission one in all)
            one.Stop();
    }

    /// <summary>A connection of this host now has a session, or will never have one.</summary>
    internal void Decide(string host)
    {
        lock (_gate)
        {
            if (--_undecided[host] == 0)
                _undecided.Remove(host);
        }
    }

    internal void Remove(FlackAdmission admission)
    {
        lock (_gate)
            _admitted.Remove(admission);
    }
}

using ErlChat.Delivery;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Flack;

/// <summary>Every open flack connection: how many there may be, from whom, and their end when the server stops.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FlackConnections(ChatRoom room, IOptions<FlackOptions> options)
{
    private readonly Lock _gate = new();
    private readonly HashSet<FlackAdmission> _admitted = [];
    private readonly Dictionary<string, int> _undecided = new(StringComparer.Ordinal);
    private bool _stopping;

    /// <summary>Open connections.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _admitted.Count;
        }
    }

    /// <summary>
    /// Lets a connection in, or says the HTTP status that refuses it. Connections that have not logged in yet count as sessions of their host, or
    /// a host could hold any number of them.
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

    /// <summary>Ends every connection, and admits none from here on. Does not block.</summary>
    /// <remarks>
    /// Does not rely on <see cref="PostOffice.IsStopping"/>: what was registered last for the stop is called first, and one admitted between the two would hold the stop up.
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

    /// <summary>The host of a connection has a session for it now, or none will come of it.</summary>
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

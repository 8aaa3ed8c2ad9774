using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>The sessions whose users are offline. Not thread-safe: part of the fold.</summary>
internal sealed class OfflineSessions
{
    private readonly Ordered<IOfflineSession> _byStart = new(static (one, other) => one.OfflineSince.CompareTo(other.OfflineSince));
    private readonly Ordered<IOfflineSession> _byEnd = new(static (one, other) =>
        one.OfflineUntil.CompareTo(other.OfflineUntil) is not 0 and var compared
            ? compared
            : one.OfflineSince.CompareTo(other.OfflineSince));

    private readonly Ordered<Session> _withKeys = new(static (one, other) => one.OfflineSince.CompareTo(other.OfflineSince));
    private readonly OfflineHosts _hosts = new();

    internal int Count => _byStart.Count;

    internal void Add(Session session)
    {
        _byStart.Add(session);
        _byEnd.Add(session);
        if (!session.Keyed.IsEmpty)
            _withKeys.Add(session);
        _hosts.Change(session.Host, 1);
    }

    internal void Remove(Session session)
    {
        if (!_byStart.Remove(session))
            return;
        _byEnd.Remove(session);
        _withKeys.Remove(session);
        _hosts.Change(session.Host, -1);
    }

    /// <summary>Records that a session was packed or unpacked.</summary>
    internal void Replace(IOfflineSession session, IOfflineSession other)
    {
        _byStart.Replace(session, other);
        _byEnd.Replace(session, other);
    }

    /// <summary>Records that a session has another address now.</summary>
    internal void ChangeHost(string from, string to)
    {
        _hosts.Change(from, -1);
        _hosts.Change(to, 1);
    }

    /// <summary>A session whose time is over; null if there is none.</summary>
    internal IOfflineSession? Expired(DateTimeOffset now) => _byEnd.First is { } first && first.OfflineUntil <= now ? first : null;

    /// <summary>The session that has to end so that the limits hold; null if they do.</summary>
    internal IOfflineSession? Surplus(int limit, string host, int hostLimit) =>
        Count > limit ? _byStart.First
        : _hosts.Of(host) > hostLimit ? _byStart.First(session => session.Host == host)
        : null;

    /// <summary>
    /// Forgets idempotency keys that have expired. Otherwise they would be kept for as long as their sessions. Returns the sessions that
    /// have none left.
    /// </summary>
    internal List<Session> ForgetKeys(DateTimeOffset now)
    {
        var without = new List<Session>();
        while (_withKeys.First is { } first)
        {
            first.Keyed.Forget(now);
            if (!first.Keyed.IsEmpty)
                break;
            _withKeys.Remove(first);
            without.Add(first);
        }

        return without;
    }
}

using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>The sessions whose users are offline. Not thread-safe: part of the fold.</summary>
internal sealed class OfflineSessions
{
    private readonly SortedDictionary<long, Session> _byStart = [];
    private readonly SortedDictionary<(DateTimeOffset Until, long Since), Session> _byEnd = [];
    private readonly SortedDictionary<long, Session> _withKeys = [];
    private readonly HostCounts _hosts = new();

    internal int Count => _byStart.Count;

    internal void Add(Session session)
    {
        _byStart.Add(session.OfflineSince, session);
        _byEnd.Add((session.OfflineUntil, session.OfflineSince), session);
        if (!session.Keyed.IsEmpty)
            _withKeys.Add(session.OfflineSince, session);
        _hosts.Change(session.Host, 1);
    }

    internal void Remove(Session session)
    {
        if (!_byStart.Remove(session.OfflineSince))
            return;
        _byEnd.Remove((session.OfflineUntil, session.OfflineSince));
        _withKeys.Remove(session.OfflineSince);
        _hosts.Change(session.Host, -1);
    }

    /// <summary>Records that a session has another address now.</summary>
    internal void ChangeHost(string from, string to)
    {
        _hosts.Change(from, -1);
        _hosts.Change(to, 1);
    }

    /// <summary>A session whose time is over; null if there is none.</summary>
    internal Session? Expired(DateTimeOffset now) => First(_byEnd) is { } first && first.OfflineUntil <= now ? first : null;

    /// <summary>The session that has to end so that the limits hold; null if they do.</summary>
    internal Session? Surplus(int limit, string host, int hostLimit) =>
        Count > limit ? First(_byStart)
        : _hosts.Of(host) > hostLimit ? _byStart.Values.First(session => session.Host == host)
        : null;

    /// <summary>Forgets idempotency keys that have expired. Otherwise they would be kept for as long as their sessions.</summary>
    internal void ForgetKeys(DateTimeOffset now)
    {
        while (First(_withKeys) is { } first)
        {
            first.Keyed.Forget(now);
            if (!first.Keyed.IsEmpty)
                return;
            _withKeys.Remove(first.OfflineSince);
        }
    }

    private static Session? First<TKey>(SortedDictionary<TKey, Session> sessions)
        where TKey : notnull
    {
        foreach (Session session in sessions.Values)
            return session;
        return null;
    }
}

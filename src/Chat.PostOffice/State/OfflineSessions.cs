using ErlChat.Sessions;

namespace ErlChat.State;

/// <summary>The sessions whose users are offline. Not thread-safe: part of the fold.</summary>
internal sealed class OfflineSessions
{
    private readonly Ordered<IOfflineSession> _byStart = new(ByStart);
    private readonly Ordered<IOfflineSession> _byEnd = new(static (one, other) =>
        one.OfflineUntil.CompareTo(other.OfflineUntil) is not 0 and var compared ? compared : ByStart(one, other));

    // A count for each address would take more memory: nearly every session may have an address of its own.
    private readonly Ordered<IOfflineSession> _byHost = new(static (one, other) =>
        string.CompareOrdinal(one.Host, other.Host) is not 0 and var compared ? compared : ByStart(one, other));

    private readonly Ordered<IOfflineSession> _withKeys = new(ByStart);

    internal int Count => _byStart.Count;

    internal void Add(Session session)
    {
        _byStart.Add(session);
        _byEnd.Add(session);
        _byHost.Add(session);
        if (session.Keyed is { IsEmpty: false })
            _withKeys.Add(session);
    }

    internal void Remove(Session session)
    {
        if (!_byStart.Remove(session))
            return;
        _byEnd.Remove(session);
        _byHost.Remove(session);
        _withKeys.Remove(session);
    }

    /// <summary>Records that a session was packed or unpacked.</summary>
    internal void Replace(IOfflineSession session, IOfflineSession other)
    {
        _byStart.Replace(session, other);
        _byEnd.Replace(session, other);
        _byHost.Replace(session, other);
    }

    /// <summary>A session whose time is over; null if there is none.</summary>
    internal IOfflineSession? Expired(DateTimeOffset now) => _byEnd.First is { } first && first.OfflineUntil <= now ? first : null;

    /// <summary>The session that has to end so that the limits hold; null if they do.</summary>
    internal IOfflineSession? Surplus(int limit, string host, int hostLimit)
    {
        if (Count > limit)
            return _byStart.First;

        // The sessions of an address stand together, the oldest first.
        int place = _byHost.CountBefore(new Beginning(host));
        return hostLimit < Count - place && _byHost[place + hostLimit].Host == host ? _byHost[place] : null;
    }

    /// <summary>
    /// Forgets idempotency keys that have expired. Otherwise they would be kept for as long as their sessions. Returns the sessions that
    /// have none left.
    /// </summary>
    internal List<Session> ForgetKeys(DateTimeOffset now)
    {
        var without = new List<Session>();
        while (_withKeys.First is Session first)
        {
            first.Keyed!.Forget(now);
            if (!first.Keyed.IsEmpty)
                break;
            _withKeys.Remove(first);
            without.Add(first);
        }

        return without;
    }

    private static int ByStart(IOfflineSession one, IOfflineSession other) => one.OfflineSince.CompareTo(other.OfflineSince);

    /// <summary>What stands before all sessions of an address.</summary>
    private sealed record Beginning(string Host) : IOfflineSession
    {
        public long OfflineSince => 0;

        public DateTimeOffset OfflineUntil => default;
    }
}

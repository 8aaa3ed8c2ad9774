using System.Threading.RateLimiting;
using ErlChat.Limits;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Web.Admin;

/// <summary>
/// The waiting tries, and the choice of the next one. Tries of the sessions that have tried least come first. Among those, the addresses
/// with the most tries left come first; ties are broken at random. An attacker who tries all the time therefore waits behind a user who
/// tries once, even at the same address and however slowly the attacker tries. In a plain queue, a crowd that arrived earlier could keep
/// all others waiting.
/// </summary>
/// <remarks>Thread-safe. Bounded by <see cref="AdminOptions"/>.</remarks>
internal sealed class PasswordTries : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    /// <summary>How long a session's tries are remembered after its last one.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly List<PasswordTry> _waiting = [];
    private readonly AdminOptions _options;
    private readonly TimeProvider _time;
    private readonly PartitionedRateLimiter<SessionKey> _sessions;
    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly BucketLimiter _server;

    /// <summary>
    /// How often each session has tried, and when it last did. Only real sessions are in it, so it is bounded by the logins of an hour.
    /// </summary>
    private readonly Dictionary<SessionKey, (int Tries, long Last)> _triesBySession = [];
    private int _sweepAt = 1000;
    private bool _closed;

    internal PasswordTries(AdminOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _sessions = PartitionedRateLimiter.Create<SessionKey, SessionKey>(
            session => RateLimitPartition.Get<SessionKey>(session, _ => BudgetOf(options.AdminTriesPerSession, LimitScope.Session)));
        _addresses = PartitionedRateLimiter.Create<string, string>(
            host => RateLimitPartition.Get<string>(host, _ => BudgetOf(options.AdminTriesPerAddress, LimitScope.Address)));
        _server = BudgetOf(options.AdminTriesPerServer, LimitScope.Server);

        BucketLimiter BudgetOf(int tries, LimitScope scope) => new(tries, s_window, new Limit(LimitKind.AdminTries, scope), time);
    }

    /// <summary>How many tries are waiting.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Adds a try. It is refused at once if its session already has one waiting or has none left.</summary>
    internal PasswordTry Add(SessionKey session, string host, string password)
    {
        var added = new PasswordTry(session, host, password, _time.GetTimestamp());
        PasswordTry? refused = null;
        lock (_gate)
        {
            if (_closed)
            {
                added.SetResult(new AdminCheck(AdminLogin.Unavailable));
                return added;
            }

            TimeSpan wait = WaitOf(_sessions.AttemptAcquire(session));
            if (wait == TimeSpan.Zero && _waiting.Exists(one => one.Session == session))
                wait = TimeSpan.FromSeconds(1);
            if (wait > TimeSpan.Zero)
            {
                added.SetResult(new AdminCheck(AdminLogin.TooManyTries, wait));
                return added;
            }

            _waiting.Add(added);
            Remember(session);
            if (_waiting.Count > _options.AdminTriesWaiting)
            {
                string fullest = _waiting.GroupBy(one => one.Host).MaxBy(group => group.Count())!.Key;
                refused = _waiting.Find(one => one.Host == fullest)!;
                _waiting.Remove(refused);
            }
        }

        refused?.TrySetResult(new AdminCheck(AdminLogin.TooManyTries, _options.AdminTryPatience));
        return added;
    }

    /// <summary>
    /// Removes the next try and charges it to its session, its address and the server. Returns null if none may be checked yet;
    /// <paramref name="pause"/> then says when to ask again unless another try arrives, and is infinite if none is waiting. Tries that have
    /// waited too long are refused.
    /// </summary>
    internal PasswordTry? Next(out TimeSpan pause)
    {
        PasswordTry? next = null;
        List<PasswordTry> expired;
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            expired = _waiting.FindAll(one => _time.GetElapsedTime(one.Since, now) >= _options.AdminTryPatience);
            _waiting.RemoveAll(expired.Contains);
            pause = _waiting.Count == 0 ? Timeout.InfiniteTimeSpan : WaitOf(_server.AttemptAcquire());
            if (pause == TimeSpan.Zero)
            {
                pause = _waiting.Min(one => WaitOf(_addresses.AttemptAcquire(one.Host)));
                if (pause == TimeSpan.Zero)
                    next = TakeBest();
            }

            if (next is null && _waiting.Count > 0)
                pause = Shorter(pause, _options.AdminTryPatience - _time.GetElapsedTime(_waiting[0].Since, now));
        }

        foreach (PasswordTry one in expired)
            one.TrySetResult(new AdminCheck(AdminLogin.TooManyTries, _options.AdminTryPatience));
        return next;
    }

    /// <summary>
    /// Charges a session for a try that another node has checked. The address and the server are not charged: the turns of those who wait
    /// are decided by each node, and tries that are not in its queue would take the turns away from an administrator who is.
    /// </summary>
    internal void Charge(SessionKey session)
    {
        lock (_gate)
        {
            _ = _sessions.AttemptAcquire(session, BucketLimiter.Owing + 1);
            Remember(session);
        }
    }

    /// <summary>
    /// Answers all waiting and all later tries with <see cref="AdminLogin.Unavailable"/>, because they are no longer checked.
    /// </summary>
    internal void Close()
    {
        PasswordTry[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _waiting];
            _waiting.Clear();
        }

        foreach (PasswordTry one in left)
            one.TrySetResult(new AdminCheck(AdminLogin.Unavailable));
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _addresses.Dispose();
        _server.Dispose();
    }

    private PasswordTry TakeBest()
    {
        PasswordTry best = _waiting
            .Where(one => WaitOf(_addresses.AttemptAcquire(one.Host)) == TimeSpan.Zero)
            .OrderBy(one => _triesBySession.GetValueOrDefault(one.Session).Tries)
            .ThenByDescending(one => _addresses.GetStatistics(one.Host)!.CurrentAvailablePermits)
            .ThenBy(static _ => Random.Shared.Next())
            .First();
        _waiting.Remove(best);

        // The leases are not disposed: that would return the permits.
        _ = _sessions.AttemptAcquire(best.Session);
        _ = _addresses.AttemptAcquire(best.Host);
        _ = _server.AttemptAcquire();
        return best;
    }

    private void Remember(SessionKey session)
    {
        long now = _time.GetTimestamp();
        _triesBySession[session] = (_triesBySession.GetValueOrDefault(session).Tries + 1, now);
        if (_triesBySession.Count < _sweepAt)
            return;
        foreach ((SessionKey one, (int _, long last)) in _triesBySession)
        {
            if (_time.GetElapsedTime(last, now) > s_memory)
                _triesBySession.Remove(one);
        }

        _sweepAt = Math.Max(1000, 2 * _triesBySession.Count);
    }

    /// <summary>How long until a permit is available; zero if one is. A permit that was acquired is returned.</summary>
    private static TimeSpan WaitOf(RateLimitLease lease)
    {
        using (lease)
            return lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : TimeSpan.Zero;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

using System.Threading.RateLimiting;
using ErlChat.Limits;
using ErlChat.Rooms;
using ErlChat.Sessions;

namespace ErlChat.Web.Admin;

/// <summary>
/// The tries that wait, and which is next: those of sessions that have tried least first, among them those of addresses that have the most
/// left, and of these any. So strangers who try all the time stand behind whoever tries once, also behind one of their own address, however
/// slowly they do it. First come, first served would let a crowd that was there before keep everybody else waiting.
/// </summary>
/// <remarks>Thread-safe. Bounded by <see cref="AdminOptions"/>.</remarks>
internal sealed class PasswordTries : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    /// <summary>How long a session's tries are remembered after the last.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly List<PasswordTry> _waiting = [];
    private readonly AdminOptions _options;
    private readonly TimeProvider _time;
    private readonly PartitionedRateLimiter<SessionKey> _sessions;
    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly BucketLimiter _server;

    /// <summary>What each session has tried, and when last. Only sessions are in it: as many as log in within an hour.</summary>
    private readonly Dictionary<SessionKey, (int Tries, long Last)> _made = [];
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

    /// <summary>Tries that wait.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Takes a try in, or answers it at once: its session has one waiting, or none left.</summary>
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
    /// Takes out the next, and one off each of its budgets. Null when none may be looked at yet; <paramref name="pause"/> then says when
    /// to ask again, unless another comes: infinite when nothing waits. Answers those that have waited too long.
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

    /// <summary>Answers all that wait, and all that come: nobody looks at them any more.</summary>
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
            .OrderBy(one => _made.GetValueOrDefault(one.Session).Tries)
            .ThenByDescending(one => _addresses.GetStatistics(one.Host)!.CurrentAvailablePermits)
            .ThenBy(static _ => Random.Shared.Next())
            .First();
        _waiting.Remove(best);

        // Not disposed, which would give them back.
        _ = _sessions.AttemptAcquire(best.Session);
        _ = _addresses.AttemptAcquire(best.Host);
        _ = _server.AttemptAcquire();
        return best;
    }

    private void Remember(SessionKey session)
    {
        long now = _time.GetTimestamp();
        _made[session] = (_made.GetValueOrDefault(session).Tries + 1, now);
        if (_made.Count < _sweepAt)
            return;
        foreach ((SessionKey one, (int _, long last)) in _made)
        {
            if (_time.GetElapsedTime(last, now) > s_memory)
                _made.Remove(one);
        }

        _sweepAt = Math.Max(1000, 2 * _made.Count);
    }

    /// <summary>How long until there is a permit; zero when there is one, which is given back.</summary>
    private static TimeSpan WaitOf(RateLimitLease lease)
    {
        using (lease)
            return lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : TimeSpan.Zero;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

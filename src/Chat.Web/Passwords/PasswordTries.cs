using System.Threading.RateLimiting;
using ErlChat.Limits;
using ErlChat.Sessions;

namespace ErlChat.Web.Passwords;

/// <summary>
/// The waiting tries, and the choice of the next one. Triers whose password was right before come first, then those that have tried least.
/// Among those, the addresses with the most tries left come first; ties are broken at random. An attacker who tries all the time therefore
/// waits behind a user who tries once, even at the same address and however slowly the attacker tries. In a plain queue, a crowd that
/// arrived earlier could keep all others waiting.
/// </summary>
/// <remarks>Thread-safe. Bounded by <see cref="TryLimits"/>, and by <see cref="MostRemembered"/>.</remarks>
internal sealed class PasswordTries : IDisposable
{
    /// <summary>How many triers are remembered; the oldest half gives way. One who is forgotten is served as if new.</summary>
    internal const int MostRemembered = 50_000;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    /// <summary>How long a trier is remembered after the last try.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly List<PasswordTry> _waiting = [];
    private readonly TryLimits _limits;
    private readonly TimeProvider _time;
    private readonly KnownTriers _known;
    private readonly PartitionedRateLimiter<SessionKey> _triers;
    private readonly PartitionedRateLimiter<SessionKey>? _persons;
    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly BucketLimiter _server;

    /// <summary>How often each trier has tried, and when it last did.</summary>
    private readonly Dictionary<SessionKey, (int Tries, long Last)> _triesByTrier = [];
    private int _sweepAt = 1000;
    private bool _closed;

    internal PasswordTries(TryLimits limits, TimeProvider time, KnownTriers? known = null)
    {
        (_limits, _time, _known) = (limits, time, known ?? new KnownTriers(null));
        _triers = BudgetsOf(limits.PerTrier, LimitScope.Session);
        _persons = limits.PerPerson is { } most ? BudgetsOf(most, LimitScope.Session) : null;
        _addresses = PartitionedRateLimiter.Create<string, string>(
            host => RateLimitPartition.Get<string>(host, _ => BudgetOf(limits.PerAddress, LimitScope.Address)));
        _server = BudgetOf(limits.PerServer, LimitScope.Server);

        PartitionedRateLimiter<SessionKey> BudgetsOf(int tries, LimitScope scope) =>
            PartitionedRateLimiter.Create<SessionKey, SessionKey>(
                key => RateLimitPartition.Get<SessionKey>(key, _ => BudgetOf(tries, scope)));

        BucketLimiter BudgetOf(int tries, LimitScope scope) => new(tries, s_window, new Limit(limits.Kind, scope), time);
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

    /// <summary>How many triers are remembered.</summary>
    internal int Remembered
    {
        get
        {
            lock (_gate)
                return _triesByTrier.Count;
        }
    }

    /// <summary>As what a refusal is counted.</summary>
    internal LimitKind Kind => _limits.Kind;

    /// <summary>Adds a try. It is refused at once if its trier already has one waiting or has none left.</summary>
    internal PasswordTry Add(SessionKey trier, string host, Action work, SessionKey? person = null)
    {
        var added = new PasswordTry(trier, person, host, work, _time.GetTimestamp());
        PasswordTry? refused = null;
        lock (_gate)
        {
            if (_closed)
            {
                added.SetResult(new TryAnswer(TryEnd.Unavailable));
                return added;
            }

            TimeSpan wait = WaitOf(_triers.AttemptAcquire(trier));
            if (wait == TimeSpan.Zero && _waiting.Exists(one => one.Trier == trier))
                wait = TimeSpan.FromSeconds(1);
            if (wait > TimeSpan.Zero)
            {
                added.SetResult(new TryAnswer(TryEnd.TooMany, wait));
                return added;
            }

            _waiting.Add(added);
            Remember(trier);
            if (_waiting.Count > _limits.Waiting)
            {
                string fullest = _waiting.GroupBy(one => one.Host).MaxBy(group => group.Count())!.Key;
                refused = _waiting.Find(one => one.Host == fullest)!;
                _waiting.Remove(refused);
            }
        }

        refused?.TrySetResult(new TryAnswer(TryEnd.TooMany, _limits.Patience));
        return added;
    }

    /// <summary>
    /// Removes the next try and charges it to its trier, its person, its address and the server. Returns null if none may be served yet;
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
            expired = _waiting.FindAll(one => _time.GetElapsedTime(one.Since, now) >= _limits.Patience);
            _waiting.RemoveAll(expired.Contains);
            pause = _waiting.Count == 0 ? Timeout.InfiniteTimeSpan : WaitOf(_server.AttemptAcquire());
            if (pause == TimeSpan.Zero)
            {
                pause = _waiting.Min(WaitOf);
                if (pause == TimeSpan.Zero)
                    next = TakeBest();
            }

            if (next is null && _waiting.Count > 0)
                pause = Shorter(pause, _limits.Patience - _time.GetElapsedTime(_waiting[0].Since, now));
        }

        foreach (PasswordTry one in expired)
            one.TrySetResult(new TryAnswer(TryEnd.TooMany, _limits.Patience));
        return next;
    }

    /// <summary>Remembers that a trier had the right password. Its person's limit no longer applies to it.</summary>
    internal void Know(SessionKey trier) => _known.Add(trier);

    /// <summary>
    /// Charges a trier or a person for a try that another node has served. The address and the server are not charged: the turns of those
    /// who wait are decided by each node, and tries that are not in its queue would take the turns away from a user who is.
    /// </summary>
    internal void Charge(SessionKey key)
    {
        lock (_gate)
        {
            _ = _triers.AttemptAcquire(key, BucketLimiter.Owing + 1);
            _ = _persons?.AttemptAcquire(key, BucketLimiter.Owing + 1);
            Remember(key);
        }
    }

    /// <summary>
    /// Answers all waiting and all later tries with <see cref="TryEnd.Unavailable"/>, because they are no longer served.
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
            one.TrySetResult(new TryAnswer(TryEnd.Unavailable));
    }

    public void Dispose()
    {
        _triers.Dispose();
        _persons?.Dispose();
        _addresses.Dispose();
        _server.Dispose();
    }

    /// <summary>Whether a try counts against the limit of its person, as seen now.</summary>
    internal bool CountsForPerson(PasswordTry one) => _persons is not null && one.Person is not null && !_known.Has(one.Trier);

    private PasswordTry TakeBest()
    {
        PasswordTry best = _waiting
            .Where(one => WaitOf(one) == TimeSpan.Zero)
            .OrderByDescending(one => _known.Has(one.Trier))
            .ThenBy(one => _triesByTrier.GetValueOrDefault(one.Trier).Tries)
            .ThenByDescending(one => _addresses.GetStatistics(one.Host)!.CurrentAvailablePermits)
            .ThenBy(static _ => Random.Shared.Next())
            .First();
        _waiting.Remove(best);

        // The leases are not disposed: that would return the permits.
        _ = _triers.AttemptAcquire(best.Trier);
        if (CountsForPerson(best))
            _ = _persons!.AttemptAcquire(best.Person!.Value);
        _ = _addresses.AttemptAcquire(best.Host);
        _ = _server.AttemptAcquire();
        return best;
    }

    private void Remember(SessionKey trier)
    {
        long now = _time.GetTimestamp();
        _triesByTrier[trier] = (_triesByTrier.GetValueOrDefault(trier).Tries + 1, now);
        if (_triesByTrier.Count < _sweepAt)
            return;
        foreach ((SessionKey one, (int _, long last)) in _triesByTrier)
        {
            if (_time.GetElapsedTime(last, now) > s_memory)
                _triesByTrier.Remove(one);
        }

        if (_triesByTrier.Count >= MostRemembered)
        {
            SessionKey[] oldest =
                [.. _triesByTrier.OrderBy(one => one.Value.Last).Take(MostRemembered / 2).Select(one => one.Key)];
            foreach (SessionKey one in oldest)
                _triesByTrier.Remove(one);
        }

        _sweepAt = Math.Clamp(2 * _triesByTrier.Count, 1000, MostRemembered);
    }

    /// <summary>How long until a waiting try may be served, as far as its address and its person are concerned.</summary>
    private TimeSpan WaitOf(PasswordTry one)
    {
        TimeSpan address = WaitOf(_addresses.AttemptAcquire(one.Host));
        TimeSpan person = CountsForPerson(one) ? WaitOf(_persons!.AttemptAcquire(one.Person!.Value)) : TimeSpan.Zero;
        return address > person ? address : person;
    }

    /// <summary>How long until a permit is available; zero if one is. A permit that was acquired is returned.</summary>
    private static TimeSpan WaitOf(RateLimitLease lease)
    {
        using (lease)
            return lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : TimeSpan.Zero;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

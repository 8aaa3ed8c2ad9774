using ErlChat.Outcomes;

namespace ErlChat.Sessions;

/// <summary>The outcomes of a session's commands that had an idempotency key. Not thread-safe: part of the fold.</summary>
internal sealed class KeyedOutcomes
{
    /// <summary>How long a key is remembered.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, (DateTimeOffset At, Outcome Outcome)> _outcomes = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, DateTimeOffset At)> _ages = new();
    private DateTimeOffset _youngest;

    internal IEnumerable<(string Key, DateTimeOffset At, Outcome Outcome)> All =>
        _ages.Select(age => (age.Key, age.At, _outcomes[age.Key].Outcome));

    internal bool IsEmpty => _ages.Count == 0;

    /// <summary>What <see cref="Find"/> would return, without removing anything: for reading from outside the fold.</summary>
    internal Outcome? Peek(string key, DateTimeOffset now) =>
        _outcomes.TryGetValue(key, out (DateTimeOffset At, Outcome Outcome) first) && now - first.At <= Lifetime
            ? first.Outcome
            : null;

    internal Outcome? Find(string key, DateTimeOffset now)
    {
        Forget(now);
        return _outcomes.GetValueOrDefault(key).Outcome;
    }

    internal void Add(string key, DateTimeOffset at, Outcome outcome)
    {
        Forget(at);

        // Another node's clock may be slow. Treat such a key as no older than the one before it, so that the queue stays in the order of
        // expiry.
        if (_ages.Count > 0 && at < _youngest)
            at = _youngest;
        if (!_outcomes.TryAdd(key, (at, outcome)))
            return;
        _ages.Enqueue((key, at));
        _youngest = at;
    }

    /// <summary>Removes the keys that have expired.</summary>
    internal void Forget(DateTimeOffset now)
    {
        while (_ages.TryPeek(out (string Key, DateTimeOffset At) oldest) && now - oldest.At > Lifetime)
            _outcomes.Remove(_ages.Dequeue().Key);
    }
}

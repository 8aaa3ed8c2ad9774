using System.Collections.Concurrent;
using ErlChat.Limits;
using ErlChat.Outcomes;

namespace ErlChat.Web.Hosting;

/// <summary>
/// What was refused since the start, by reason, and by limit and scope where that was a limit: as many counts as there are of these.
/// Thread-safe.
/// </summary>
internal sealed class RefusalCounts
{
    private readonly ConcurrentDictionary<(Refusal Why, Limit? Limit), Counter> _counts = new();

    internal void Add(Refusal why, Limit? limit = null) =>
        Interlocked.Increment(ref _counts.GetOrAdd((why, limit), static _ => new Counter()).Value);

    /// <summary>The most frequent first.</summary>
    internal IReadOnlyList<RefusalCount> Look() =>
    [
        .. _counts
            .Select(one => new RefusalCount(
                one.Key.Why.ToString(),
                one.Key.Limit?.Kind.ToString() ?? "",
                one.Key.Limit?.Scope.ToString() ?? "",
                Interlocked.Read(ref one.Value.Value)))
            .OrderByDescending(one => one.Count)
            .ThenBy(one => one.Reason, StringComparer.Ordinal)
            .ThenBy(one => one.Limit, StringComparer.Ordinal)
            .ThenBy(one => one.Scope, StringComparer.Ordinal),
    ];

    private sealed class Counter
    {
        internal long Value;
    }
}

/// <summary>How often something was refused; limit and scope are empty where it was no limit.</summary>
internal sealed record RefusalCount(string Reason, string Limit, string Scope, long Count);

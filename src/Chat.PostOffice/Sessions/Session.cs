using ErlChat.Outcomes;

namespace ErlChat.Sessions;

/// <summary>
/// One device's login of a person, as the fold knows it, whether anything reads it at the moment or not. Only the fold changes it.
/// </summary>
internal sealed class Session(SessionKey key, PersonState person, string host, DateTimeOffset since) : IOfflineSession
{
    internal SessionKey Key { get; } = key;

    /// <summary>Whose it is.</summary>
    internal PersonState Person { get; } = person;

    /// <summary>Canonical address (<see cref="HostAddress"/>), or what is in its place once it was forgotten.</summary>
    public string Host { get; set; } = host;

    internal DateTimeOffset Since { get; } = since;

    /// <summary>The sequence of the entry with which it began; 0 if that is the one with which its person came.</summary>
    internal long Began { get; init; }

    /// <summary>The sequence of the entry with which it last came back online; 0 if that was the login.</summary>
    internal long OnlineSince { get; set; }

    /// <summary>The sequence of the entry with which it went offline; 0 while it is online.</summary>
    public long OfflineSince { get; set; }

    /// <summary>When it ends if nobody uses it again. Without meaning while it is online.</summary>
    public DateTimeOffset OfflineUntil { get; set; }

    internal bool IsOnline => OfflineSince == 0;

    /// <summary>0 if somebody is at the device; otherwise the size of rooms up to which the others were told that nobody is.</summary>
    internal int AwayAudience { get; set; }

    /// <summary>Whether its client keeps the token, so that it can be used again after an absence.</summary>
    internal bool IsKept { get; init; }

    /// <summary>Which node serves it; null if no node has said so, as in a chat with one unnamed node.</summary>
    internal ServingNode? Serving { get; set; }

    /// <summary>
    /// Whether it cannot outlive the node that serves it. A session without a home room came over a connection that ends with the node.
    /// </summary>
    internal bool EndsWithNode => Person.Home is null;

    /// <summary>The name of the node that serves it.</summary>
    internal string? ServedBy => Serving?.Name;

    /// <summary>The sequence of the entry with which that node began to serve it; 0 if no node serves it.</summary>
    internal long ServedSince => Serving?.Since ?? 0;

    /// <summary>
    /// Outcomes by idempotency key, oldest first; forgotten after <see cref="KeyedOutcomes.Lifetime"/>. Null before the first key, because
    /// most sessions of a large chat never send one.
    /// </summary>
    internal KeyedOutcomes? Keyed { get; private set; }

    /// <summary>Remembers the outcome of a command with an idempotency key.</summary>
    internal void Remember(string key, DateTimeOffset at, Outcome outcome) => (Keyed ??= new KeyedOutcomes()).Add(key, at, outcome);
}

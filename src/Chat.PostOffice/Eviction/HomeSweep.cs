using ErlChat.Mailboxes;
using ErlChat.Nodes;
using ErlChat.Settings;

namespace ErlChat.Eviction;

/// <summary>
/// What a sweep over the sessions of several nodes has to know: which nodes are dead and for how long, and what may be done.
/// </summary>
/// <remarks>Not thread-safe: used by one sweep at a time.</remarks>
internal sealed class HomeSweep(ChatOptions options, INodes nodes, TimeProvider time)
{
    /// <summary>
    /// A session stays at its node for this part of the idle limit. So a client that uses all nodes in turn moves once in that time.
    /// That costs one entry, or one for each node that decides it at the same moment; the log refuses all but the first.
    /// </summary>
    private const int MovesPerLimit = 3;

    /// <summary>
    /// How many sweeps there are at least in the idle limit. A node that serves a session must be able to take it over, and another one to
    /// take it back, before the idle limit is over: twice a third and a twelfth.
    /// </summary>
    private const int SweepsPerLimit = 12;

    private readonly Dictionary<string, long> _deadSince = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan?> _looked = new(StringComparer.Ordinal);
    private readonly long _began = time.GetTimestamp();
    private long _asOf;
    private long? _refused;

    /// <summary>The kind of the entry with which a node takes a session over, as logs name it.</summary>
    private const string MovedKind = "moved";

    /// <summary>How often to sweep.</summary>
    internal TimeSpan Period { get; } = nodes.Self is null || options.CheckIdle * SweepsPerLimit <= options.IdleLimit
        ? options.CheckIdle
        : options.IdleLimit / SweepsPerLimit;

    /// <summary>Records that the log could not take an entry.</summary>
    internal void LogRefused() => _refused = time.GetTimestamp();

    /// <summary>Begins a sweep.</summary>
    /// <param name="asOf">The timestamp at which sessions are judged.</param>
    /// <param name="isLogAvailable">Whether the log accepts entries.</param>
    internal HomeRules Begin(long asOf, bool isLogAvailable)
    {
        _asOf = asOf;
        if (!isLogAvailable)
            _refused = asOf;
        foreach (string node in _deadSince.Keys.Except(_looked.Keys).ToArray())
            _deadSince.Remove(node);
        _looked.Clear();

        // While the log is away, nodes cannot take over the sessions that they serve. Afterwards they get the time to do so.
        TimeSpan moveAfter = options.IdleLimit / MovesPerLimit;
        bool mayEnd = _refused is not { } refused || time.GetElapsedTime(refused, asOf) >= moveAfter + Period;
        return new HomeRules(nodes.Self!, asOf, options.IdleLimit, moveAfter, mayEnd, nodes.Leads(ElectedWork.DeadSessions))
        {
            MayTake = nodes.AllKnow(MovedKind),
        };
    }

    /// <summary>
    /// How long ago a sweep noticed that a node is dead; null if it is alive. Sessions that no node has ever served, because they are
    /// older than the nodes' names, count as those of a dead node.
    /// </summary>
    internal TimeSpan? DeadFor(string? node)
    {
        if (node is null)
            return time.GetElapsedTime(_began, _asOf);
        if (_looked.TryGetValue(node, out TimeSpan? known))
            return known;
        if (!nodes.IsDead(node))
            _deadSince.Remove(node);
        else
            _deadSince.TryAdd(node, _asOf);
        TimeSpan? dead = _deadSince.TryGetValue(node, out long since) ? time.GetElapsedTime(since, _asOf) : null;
        _looked.Add(node, dead);
        return dead;
    }
}

namespace ErlChat.Postgres.Nodes;

/// <summary>How often a node shows that it lives, and when the others stop believing it.</summary>
/// <param name="Beat">The time between two heartbeats. Tests shorten it; the other times follow.</param>
internal sealed record NodeTimes(TimeSpan Beat)
{
    /// <summary>After how many of one's own heartbeats a node that showed none is declared dead.</summary>
    internal const int BeatsOfLease = 5;

    internal static NodeTimes Default { get; } = new(TimeSpan.FromSeconds(2));

    /// <summary>
    /// How long a node's rights last after its last heartbeat. A lease that is judged by the database's clock runs out after this time.
    /// </summary>
    internal TimeSpan Lease => Beat * BeatsOfLease;

    /// <summary>
    /// How long a node acts under a lease after it asked for it. The difference to <see cref="Lease"/> covers clocks that differ in speed.
    /// </summary>
    internal TimeSpan OwnLease => Beat * (BeatsOfLease - 1);

    /// <summary>After how much silence a node is no longer listed. Below 6 s, and more than two heartbeats.</summary>
    internal TimeSpan Silence => Beat * 2.5;

    /// <summary>
    /// The longest time between two of a node's own heartbeats that counts as silence of the others. A longer one is its own outage.
    /// </summary>
    internal TimeSpan LongestStep => Beat * 1.25;

    /// <summary>When to try again after a heartbeat that failed.</summary>
    internal TimeSpan Retry => Beat / 4;

    /// <summary>How long the rows of earlier runs are kept.</summary>
    internal TimeSpan Keep { get; } = TimeSpan.FromDays(7);
}

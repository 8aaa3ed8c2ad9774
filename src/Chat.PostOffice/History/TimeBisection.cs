namespace ErlChat.History;

/// <summary>
/// Finds where a search for what is older than a time begins, without reading what is newer: a binary search over items in the order of
/// the log. Ask for the first item at or above <see cref="Middle"/>, and <see cref="Take"/> it, until <see cref="IsDone"/>.
/// </summary>
/// <remarks>
/// Not thread-safe. The times of entries rise only roughly, since the nodes have clocks of their own and a clock may be set back. So the
/// search begins where items are newer than the time by <see cref="Margin"/>, and each item is compared with the time itself.
/// </remarks>
public sealed class TimeBisection
{
    /// <summary>
    /// By how much times may go back from one entry to a later one: nodes' clocks that differ by more are wrong by any measure.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private readonly DateTimeOffset _from;
    private long _low;

    /// <param name="first">The position of the first item, or one below it.</param>
    /// <param name="end">The exclusive upper limit of the positions.</param>
    /// <param name="until">The exclusive upper limit of the times.</param>
    public TimeBisection(long first, long end, DateTimeOffset until)
    {
        (_low, End) = (first, Math.Max(first, end));
        _from = until > DateTimeOffset.MaxValue - Margin ? DateTimeOffset.MaxValue : until + Margin;
    }

    /// <summary>Whether <see cref="End"/> is found.</summary>
    public bool IsDone => _low >= End;

    /// <summary>The position from which the next item is wanted.</summary>
    public long Middle => _low + (End - _low) / 2;

    /// <summary>The position below which everything is that is older than the time; known when this <see cref="IsDone"/>.</summary>
    public long End { get; private set; }

    /// <summary>Takes the first item at or above <see cref="Middle"/>; null if there is none.</summary>
    public void Take((long Position, DateTimeOffset At)? found)
    {
        if (found is { } item && item.Position < End && item.At < _from)
            _low = item.Position + 1;
        else
            End = Middle;
    }
}

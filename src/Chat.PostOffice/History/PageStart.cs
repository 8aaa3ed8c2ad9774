namespace ErlChat.History;

/// <summary>Where a page of history begins, and which way it is read.</summary>
/// <param name="Sequence">The sequence that the page begins beside, which is not on it itself.</param>
/// <param name="IsUpward">Whether the page has what follows it, the oldest first; otherwise what is before it, the newest first.</param>
public readonly record struct PageStart(long Sequence, bool IsUpward)
{
    /// <summary>The newest items below a sequence; <see cref="long.MaxValue"/> to begin at the end.</summary>
    public static PageStart Before(long sequence) => new(sequence, IsUpward: false);

    /// <summary>The oldest items above a sequence.</summary>
    public static PageStart After(long sequence) => new(sequence, IsUpward: true);

    /// <inheritdoc cref="Before"/>
    public static PageStart FromInt64(long sequence) => Before(sequence);

    /// <inheritdoc cref="Before"/>
    public static implicit operator PageStart(long sequence) => Before(sequence);

    /// <summary>Whether an item with this sequence may be on the page.</summary>
    public bool Has(long sequence) => IsUpward ? sequence > Sequence : sequence < Sequence;
}

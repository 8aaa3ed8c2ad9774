namespace ErlChat.State;

/// <summary>
/// Which erasures were accepted, for the work on the database that follows within minutes. Not thread-safe: part of the fold.
/// </summary>
internal sealed class AcceptedErasures
{
    /// <summary>How many are remembered. One more replaces the oldest.</summary>
    internal const int Limit = 1000;

    private readonly Queue<long> _sequences = new();

    /// <summary>Their sequences, oldest first.</summary>
    internal IReadOnlyCollection<long> All => _sequences;

    /// <summary>Up to this sequence it is not known any more; 0 if all are remembered.</summary>
    internal long Floor { get; set; }

    internal void Add(long sequence)
    {
        _sequences.Enqueue(sequence);
        if (_sequences.Count > Limit)
            Floor = _sequences.Dequeue();
    }

    /// <summary>Whether the erasure was accepted, for a sequence above <see cref="Floor"/>.</summary>
    internal bool Has(long sequence) => _sequences.Contains(sequence);
}

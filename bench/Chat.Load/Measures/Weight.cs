namespace ErlChat.Load.Measures;

/// <summary>
/// The memory of a server's process, in bytes: private memory as the kernel counts it, the GC heap if there is one, and the peak of its
/// resident memory.
/// </summary>
internal readonly record struct Weight(long Private, long? Heap, long Peak)
{
    internal static Weight Of(ServerProcess server) => new(server.PrivateBytes, server.HeapBytes, server.PeakBytes);

    /// <summary>
    /// The memory before any client connected. Its peak is the current value, so that it can be subtracted from a later peak.
    /// </summary>
    internal static Weight OfEmpty(ServerProcess server) => new(server.PrivateBytes, server.HeapBytes, server.ResidentBytes);

    public static Weight operator -(Weight left, Weight right) =>
        new(left.Private - right.Private, left.Heap - right.Heap, left.Peak - right.Peak);

    internal string For(int polls) =>
        $"{Private / 1024.0 / polls:F1} KB each{(Heap is { } heap ? $" (GC heap {heap / 1024.0 / polls:F1} KB)" : "")}, "
        + $"{Peak / 1024.0 / polls:F1} KB at the most until now";
}

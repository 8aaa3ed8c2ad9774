namespace ErlChat.Load.Measures;

/// <summary>Bytes that a server's process keeps: private memory as the kernel counts it, the part of the GC heap where there is one, and what it had in memory at the most.</summary>
internal readonly record struct Weight(long Private, long? Heap, long Peak)
{
    internal static Weight Of(ServerProcess server) => new(server.PrivateBytes, server.HeapBytes, server.PeakBytes);

    /// <summary>The same before anybody came; its peak is what it has now, so that a later one can be taken from there.</summary>
    internal static Weight OfEmpty(ServerProcess server) => new(server.PrivateBytes, server.HeapBytes, server.ResidentBytes);

    public static Weight operator -(Weight left, Weight right) => new(left.Private - right.Private, left.Heap - right.Heap, left.Peak - right.Peak);

    internal string For(int polls) =>
        $"{Private / 1024.0 / polls:F1} KB each{(Heap is { } heap ? $" (GC heap {heap / 1024.0 / polls:F1} KB)" : "")}, {Peak / 1024.0 / polls:F1} KB at the most until now";
}

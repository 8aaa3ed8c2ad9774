namespace ErlChat.Load.Measures;

/// <summary>Bytes that a server's process keeps: private memory as the kernel counts it, and the part of the GC heap where there is one.</summary>
internal readonly record struct Weight(long Private, long? Heap)
{
    internal static Weight Of(ServerProcess server) => new(server.PrivateBytes, server.HeapBytes);

    public static Weight operator -(Weight left, Weight right) => new(left.Private - right.Private, left.Heap - right.Heap);

    internal string For(int polls) =>
        $"{Private / 1024.0 / polls:F1} KB each{(Heap is { } heap ? $" (GC heap {heap / 1024.0 / polls:F1} KB)" : "")}";
}

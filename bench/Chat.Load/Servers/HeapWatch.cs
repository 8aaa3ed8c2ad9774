namespace ErlChat.Load.Servers;

/// <summary>Makes a .NET server write the size of its GC heap into a file once a second; without the built hook, it simply does not.</summary>
internal static class HeapWatch
{
    /// <summary>The environment that does it, and the file.</summary>
    internal static (Dictionary<string, string> Environment, string? File) Create()
    {
        if (Repository.TryFind("bench/peers/HeapWatch/bin/Release/net10.0/HeapWatch.dll") is not { } hook)
            return ([], null);
        string file = Path.Combine(Path.GetTempPath(), $"erlchat-heap-{Guid.NewGuid():N}");
        return (new() { ["DOTNET_STARTUP_HOOKS"] = hook, ["HEAP_WATCH_FILE"] = file }, file);
    }
}

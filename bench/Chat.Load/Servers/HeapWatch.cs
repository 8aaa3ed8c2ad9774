namespace ErlChat.Load.Servers;

/// <summary>
/// Makes a .NET server write the size of its GC heap to a file once a second. If the startup hook has not been built, the size is simply
/// not written.
/// </summary>
internal static class HeapWatch
{
    /// <summary>The environment variables that do this, and the path of the file.</summary>
    internal static (Dictionary<string, string> Environment, string? File) Create()
    {
        if (Repository.TryFind("bench/peers/HeapWatch/bin/Release/net10.0/HeapWatch.dll") is not { } hook)
            return ([], null);
        string file = Path.Combine(Path.GetTempPath(), $"erlchat-heap-{Guid.NewGuid():N}");
        return (new() { ["DOTNET_STARTUP_HOOKS"] = hook, ["HEAP_WATCH_FILE"] = file }, file);
    }
}

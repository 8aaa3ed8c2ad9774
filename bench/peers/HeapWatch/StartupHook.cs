using System.Globalization;

/// <summary>The runtime calls <see cref="Initialize"/> before the server's Main. The runtime requires this name and no namespace.</summary>
internal static class StartupHook
{
    private static Timer? s_timer;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("HEAP_WATCH_FILE") is { Length: > 0 } file)
            s_timer = new Timer(static file => Write((string)file!), file, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static void Write(string file)
    {
        string next = file + ".next";
        try
        {
            File.WriteAllText(next, GC.GetTotalMemory(forceFullCollection: false).ToString(CultureInfo.InvariantCulture));
            File.Move(next, file, overwrite: true);
        }
        catch (IOException)
        {
            // The load tool has exited, and its folder is gone.
            s_timer?.Dispose();
        }
    }
}

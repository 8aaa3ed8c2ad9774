namespace ErlChat.Web.Watching;

/// <summary>
/// Decides which requests get a span: those that may carry a command. A poll would show up as a request that takes a minute, although it
/// only waits.
/// </summary>
internal static class TracedRequests
{
    private static readonly PathString[] s_untraced =
        ["/chat/wait", "/healthz", "/readyz", WatchingSetup.MetricsPath, "/assets", "/chat-server"];

    internal static bool IsTraced(HttpContext context)
    {
        foreach (PathString path in s_untraced)
        {
            if (context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }
}

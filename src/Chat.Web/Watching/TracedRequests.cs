namespace ErlChat.Web.Watching;

/// <summary>
/// Which requests have a span of their own: those that may bring a command. A poll that is parked for a minute is not something that
/// takes a minute.
/// </summary>
internal static class TracedRequests
{
    private static readonly PathString[] s_untraced = ["/chat/wait", "/healthz", "/readyz", WatchingSetup.MetricsPath, "/assets", "/chat-server"];

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

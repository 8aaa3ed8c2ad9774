namespace ErlChat.Web.Watching;

/// <summary>
/// Decides which requests get a span: those that may carry a command. A poll would show up as a request that takes a minute, although it
/// only waits.
/// </summary>
internal static class TracedRequests
{
    private static readonly PathString[] s_untraced =
        ["/chat/wait", "/healthz", "/readyz", WatchingSetup.MetricsPath, "/assets", "/chat-server"];

    /// <param name="context">A request whose span is about to begin, so before the path base has been taken off its path.</param>
    /// <param name="pathBase"><c>Chat:PathBase</c>, which a proxy may pass on or strip.</param>
    internal static bool IsTraced(HttpContext context, PathString pathBase)
    {
        if (!context.Request.Path.StartsWithSegments(pathBase, StringComparison.OrdinalIgnoreCase, out PathString target))
            target = context.Request.Path;
        foreach (PathString path in s_untraced)
        {
            if (target.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }
}

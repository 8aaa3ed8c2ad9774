using ErlChat.Web.Nodes;
using ErlChat.Web.Watching;

namespace ErlChat.Web.Origins;

/// <summary>
/// Refuses requests for other hosts with 400, if the operator has set the server's hosts (<see cref="HostRule"/>). Otherwise another site
/// could point its own name at this server (DNS rebinding), and the browser would treat its pages as the server's own. Health checks and
/// the pages' files are not secret and are served for any host. So is the answer to another node's ping: the other node uses the server's
/// internal address, and proves who it is.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, HostRule rule, RefusalPage page)
{
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        return rule.Allows(request.Host) || IsPublic(request.Path)
            ? next(context)
            : page.WriteAsync(context, StatusCodes.Status400BadRequest, RefusalText.Host(request.Host.Value ?? ""));
    }

    private static bool IsPublic(PathString path) =>
        path.StartsWithSegments("/assets", StringComparison.Ordinal)
        || path.Equals("/healthz", StringComparison.Ordinal)
        || path.Equals("/readyz", StringComparison.Ordinal)
        || path.Equals(WatchingSetup.MetricsPath, StringComparison.Ordinal)
        || ProofEndpoint.IsProof(path);
}

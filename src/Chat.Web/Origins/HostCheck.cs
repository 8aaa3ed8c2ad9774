using ErlChat.Web.Watching;

namespace ErlChat.Web.Origins;

/// <summary>
/// Refuses, with 400, requests for a host that is not ours, when the operator has said which are (<see cref="HostRule"/>): a page elsewhere
/// whose own name points at this server (DNS rebinding) is otherwise of the server's origin. Health checks and the pages' files have no
/// secrets and are answered under any name.
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
        path.StartsWithSegments("/assets", StringComparison.Ordinal) || path.Equals("/healthz", StringComparison.Ordinal) || path.Equals("/readyz", StringComparison.Ordinal)
        || path.Equals(WatchingSetup.MetricsPath, StringComparison.Ordinal);
}

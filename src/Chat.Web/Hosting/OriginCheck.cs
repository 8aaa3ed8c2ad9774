using ErlChat.Protocol.Comet;
using ErlChat.Web.Comet;

namespace ErlChat.Web.Hosting;

/// <summary>
/// Refuses, with 403, requests that change something and that a browser sends on behalf of another site. A request without
/// <c>Sec-Fetch-Site</c> and <c>Origin</c> is no browser's and passes.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!ChangesSomething(context.Request) || IsOwn(context.Request))
            return next(context);
        return CometReply.Error(CometErrors.CrossSite).WithStatus(StatusCodes.Status403Forbidden).WriteToAsync(context.Response);
    }

    /// <summary>Whether a browser says that the request comes from this site's own pages, or from no site at all.</summary>
    internal static bool IsOwn(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        if (!string.IsNullOrEmpty(site))
            return site is "same-origin" or "none";
        string? origin = request.Headers.Origin;
        return string.IsNullOrEmpty(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
                && Uri.TryCreate($"{from.Scheme}://{request.Host.Value}", UriKind.Absolute, out Uri? own)
                && string.Equals(from.Authority, own.Authority, StringComparison.OrdinalIgnoreCase));
    }

    /// <remarks>
    /// A poll is among them: it acknowledges, and a few of them end the session's own. The cookie's SameSite keeps other sites from it, but not those of the same
    /// site, such as another port of localhost.
    /// </remarks>
    private static bool ChangesSomething(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Path.StartsWithSegments("/chat/leave", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/chat/wait", StringComparison.OrdinalIgnoreCase)
        || request.HttpContext.WebSockets.IsWebSocketRequest;
}

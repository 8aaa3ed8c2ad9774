using ErlChat.Protocol.Comet;
using ErlChat.Web.Answers;
using ErlChat.Web.Requests;

namespace ErlChat.Web.Origins;

/// <summary>
/// Refuses cross-site requests that change something, with 403. If the user would see the answer, it is a page; otherwise it is an error
/// envelope.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, OriginRules rules, RefusalPage page)
{
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!ChangesSomething(request))
            return next(context);
        return rules.SourceOf(request) switch
        {
            RequestSource.Own when IsOperators(request) && rules.IsGuest(request) => RefuseAsync(context),
            RequestSource.Own or RequestSource.Program => next(context),
            _ when !RefusalPage.IsWanted(request) => RefuseAsync(context),
            RequestSource.Foreign => page.WriteAsync(context, StatusCodes.Status403Forbidden, RefusalText.Foreign(request)),
            RequestSource.Opaque => page.WriteAsync(context, StatusCodes.Status403Forbidden, RefusalText.Opaque()),
            RequestSource.Unstated => page.WriteAsync(context, StatusCodes.Status403Forbidden, RefusalText.Unstated()),
            RequestSource other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }

    private static Task RefuseAsync(HttpContext context) =>
        CometReply.Error(CometErrors.CrossSite).WithStatus(StatusCodes.Status403Forbidden).WriteToAsync(context.Response);

    private static bool IsOperators(HttpRequest request) => request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase);

    /// <remarks>
    /// Polls are among them: a poll acknowledges messages, and a few polls end the session's own ones. So are start and online as the
    /// original's clients call them, because they change what the session's readers are told. The cookie's SameSite attribute keeps other
    /// sites away, but not pages of the same site, such as another port of the same host, nor links that the user follows.
    /// </remarks>
    private static bool ChangesSomething(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Path.StartsWithSegments("/chat/leave", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/chat/wait", StringComparison.OrdinalIgnoreCase)
        || IsListing(request)
        || request.HttpContext.WebSockets.IsWebSocketRequest;

    /// <summary>Users listed in such an answer are not announced again.</summary>
    private static bool IsListing(HttpRequest request) =>
        (request.Path.StartsWithSegments("/chat/start", StringComparison.OrdinalIgnoreCase)
            || request.Path.StartsWithSegments("/chat/online", StringComparison.OrdinalIgnoreCase))
        && request.Query["joins"] != WaitQuery.All;
}

using ErlChat.Limits;
using ErlChat.Sessions;

namespace ErlChat.Web.Origins;

/// <summary>
/// What the question costs whether a page elsewhere may ask (CORS): a read of the address. Over the limit it is answered late, not refused:
/// a browser would tell the page of a refusal that it may not ask at all.
/// </summary>
internal sealed class PreflightPace(RequestDelegate next, Admission admission)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (IsPreflight(context.Request))
        {
            try
            {
                await admission.ReadLateAsync(null, HostAddress.Of(context.Connection.RemoteIpAddress), context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // Nobody waits any more.
                return;
            }
        }

        await next(context);
    }

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;
}

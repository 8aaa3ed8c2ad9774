using ErlChat.Limits;
using ErlChat.Sessions;

namespace ErlChat.Web.Origins;

/// <summary>
/// Charges a CORS preflight as a read for the address. Above the limit it is answered late rather than refused, because a browser would
/// treat a refusal as a lack of permission.
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
                // The client has gone.
                return;
            }
        }

        await next(context);
    }

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;
}

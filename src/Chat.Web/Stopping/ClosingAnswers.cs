using ErlChat.Delivery;

namespace ErlChat.Web.Stopping;

/// <summary>
/// While the server stops, each answer of HTTP/1 says that its connection ends behind it, so that its client sends nothing more that nobody
/// would answer.
/// </summary>
internal sealed class ClosingAnswers(RequestDelegate next, PostOffice office)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (office.IsStopping)
            Close(context);
        return next(context);
    }

    /// <summary>
    /// Says it in an answer that has not begun. Not over HTTP/2, which has no such header: there the server says it for the whole
    /// connection.
    /// </summary>
    internal static void Close(HttpContext context)
    {
        string protocol = context.Request.Protocol;
        if (HttpProtocol.IsHttp11(protocol) || HttpProtocol.IsHttp10(protocol))
            context.Response.Headers.Connection = "close";
    }
}

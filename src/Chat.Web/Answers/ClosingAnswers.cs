using ErlChat.Delivery;

namespace ErlChat.Web.Answers;

/// <summary>
/// While the server stops, each HTTP/1 answer says that its connection closes after it. Otherwise the client might send another request
/// that would never be answered.
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
    /// Sets the header on an answer that has not begun. HTTP/2 has no such header; there the server announces the end of the whole
    /// connection.
    /// </summary>
    internal static void Close(HttpContext context)
    {
        string protocol = context.Request.Protocol;
        if (HttpProtocol.IsHttp11(protocol) || HttpProtocol.IsHttp10(protocol))
            context.Response.Headers.Connection = "close";
    }
}

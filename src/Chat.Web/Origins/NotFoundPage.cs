namespace ErlChat.Web.Origins;

/// <summary>
/// Answers a user who follows a link to an unknown address with a page that leads to the chat. Other clients get an empty answer.
/// </summary>
internal sealed class NotFoundPage(RequestDelegate next, RefusalPage page)
{
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return isRead && context.GetEndpoint() is null && RefusalPage.IsWanted(request)
            ? page.WriteAsync(context, StatusCodes.Status404NotFound, RefusalText.NotFound())
            : next(context);
    }
}

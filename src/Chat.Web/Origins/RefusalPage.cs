using System.Text;
using ErlChat.Web.Pages;

namespace ErlChat.Web.Origins;

/// <summary>Writes a refusal as a page, from <c>templates/refused.html</c>. Thread-safe.</summary>
internal sealed class RefusalPage(Templates templates)
{
    /// <summary>Whether the user would see the answer, because a form was submitted, a link was followed or an address was typed.</summary>
    internal static bool IsWanted(HttpRequest request)
    {
        string? destination = request.Headers["Sec-Fetch-Dest"];
        if (!string.IsNullOrEmpty(destination))
            return destination == "document";
        return string.IsNullOrEmpty(request.Headers.XRequestedWith)
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    internal Task WriteAsync(HttpContext context, int status, RefusalText refusal)
    {
        string page = templates.RenderPage("ErlChat", new RefusedModel(refusal.Key, refusal.Text, refusal.Advice));
        byte[] body = Encoding.UTF8.GetBytes(page);
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }
}

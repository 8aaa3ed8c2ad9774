using System.Text;
using ErlChat.Web.Assets;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Pages;

/// <summary>
/// A page as an answer, compressed if the client accepts it. Only for pages without secrets: of a page that has both a secret and what
/// somebody else made the browser send, the compressed length tells about the secret (BREACH).
/// </summary>
internal sealed class PageAnswer(string html) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        var page = new Asset(Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8");
        (byte[] body, string? encoding) = page.For(context.HttpContext.Request.Headers.AcceptEncoding);
        response.ContentType = page.ContentType;
        response.ContentLength = body.Length;
        response.Headers.Vary = "Accept-Encoding";
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        if (!HttpMethods.IsHead(context.HttpContext.Request.Method))
            await response.BodyWriter.WriteAsync(body);
    }
}

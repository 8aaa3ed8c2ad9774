using ErlChat.Limits;
using ErlChat.Settings;
using ErlChat.Web.Limits;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Pages;

/// <summary>The two pages. They look at no cookie: whether there is a session the script finds out.</summary>
[Limit(Charge.Page)]
internal sealed class PagesController(Templates templates, IOptions<ChatOptions> options) : ControllerBase
{
    [HttpGet("/"), HttpHead("/")]
    public ContentResult Login([FromQuery] string? to) => Page("index", "ErlChat", new
    {
        maxNickLength = options.Value.MaxNickLength,
        to = LoginDestination.Parse(to),
    });

    [HttpGet("/chat"), HttpHead("/chat")]
    public ContentResult Chat() => Page("chat", "Chat – ErlChat", new { maxMessageLength = options.Value.MaxMessageLength });

    private ContentResult Page(string name, string title, object data) => Content(templates.RenderPage(name, title, data), "text/html; charset=utf-8");
}

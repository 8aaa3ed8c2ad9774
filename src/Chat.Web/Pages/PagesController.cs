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
    public ContentResult Login([FromQuery] string? to) =>
        Page("ErlChat", new IndexModel(options.Value.MaxNickLength, LoginDestination.Parse(to)));

    [HttpGet("/chat"), HttpHead("/chat")]
    public ContentResult Chat() => Page("Chat – ErlChat", new ChatModel());

    private ContentResult Page(string title, TemplateModel model) =>
        Content(templates.RenderPage(title, model), "text/html; charset=utf-8");
}

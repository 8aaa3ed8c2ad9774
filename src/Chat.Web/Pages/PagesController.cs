using ErlChat.Limits;
using ErlChat.Settings;
using ErlChat.Web.Limits;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Pages;

/// <summary>The login page and the chat page. Neither reads a cookie; the page's script finds out whether there is a session.</summary>
[Limit(Charge.Page)]
internal sealed class PagesController(Templates templates, IOptions<ChatOptions> options, IOptions<OidcOptions> provider)
    : ControllerBase
{
    [HttpGet("/"), HttpHead("/")]
    public IActionResult Login([FromQuery] string? to) =>
        Page("ErlChat", new IndexModel(options.Value.MaxNickLength, LoginDestination.Parse(to))
        {
            Provider = provider.Value.NameIfOn,
        });

    [HttpGet("/chat"), HttpHead("/chat")]
    public IActionResult Chat() => Page("Chat – ErlChat", new ChatModel());

    private PageAnswer Page(string title, TemplateModel model) => new(templates.RenderPage(title, model));
}

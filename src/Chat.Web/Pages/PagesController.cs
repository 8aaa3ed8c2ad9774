using ErlChat.Limits;
using ErlChat.Settings;
using ErlChat.Web.Limits;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Pages;

/// <summary>The login page and the chat page. Neither reads a cookie; the page's script finds out whether there is a session.</summary>
[Limit(Charge.Page)]
internal sealed class PagesController(
    Templates templates, IOptions<ChatOptions> options, IOptions<OidcOptions> provider, IOptions<SmtpOptions> smtp)
    : ControllerBase
{
    [HttpGet("/"), HttpHead("/")]
    public ContentResult Login([FromQuery] string? to) =>
        Page("ErlChat", new IndexModel(options.Value.MaxNickLength, LoginDestination.Parse(to))
        {
            Provider = provider.Value.NameIfOn,
            SendsEmail = smtp.Value.IsOn,
        });

    [HttpGet("/chat"), HttpHead("/chat")]
    public ContentResult Chat() => Page("Chat – ErlChat", new ChatModel());

    private ContentResult Page(string title, TemplateModel model) =>
        Content(templates.RenderPage(title, model), "text/html; charset=utf-8");
}

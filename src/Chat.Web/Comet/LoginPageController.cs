using ErlChat.Limits;
using ErlChat.Rooms;
using ErlChat.Settings;
using ErlChat.Web.Limits;
using ErlChat.Web.Pages;
using ErlChat.Web.Requests;
using ErlChat.Web.Site;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary>
/// <c>GET /</c>: the login page. If an administrator has ended the browser's session, it says why. Otherwise it is the same for everyone.
/// </summary>
[Limit(Charge.Page)]
internal sealed class LoginPageController(
    Templates templates, ChatRoom room, IOptions<ChatOptions> options, IOptions<OidcOptions> provider, IOptions<SmtpOptions> smtp)
    : ControllerBase
{
    [HttpGet("/"), HttpHead("/")]
    public IActionResult Page([FromQuery] string? to)
    {
        string? removed = room.RemovalOf(SessionCookie.Read(Request))?.Words();
        if (removed is not null)
            Response.Headers.CacheControl = "no-store";
        var model = new IndexModel(options.Value.MaxNickLength, LoginDestination.Parse(to))
        {
            Provider = provider.Value.NameIfOn,
            SendsEmail = smtp.Value.IsOn,
            Removed = removed,
        };
        return new PageAnswer(templates.RenderPage("ErlChat", model));
    }
}

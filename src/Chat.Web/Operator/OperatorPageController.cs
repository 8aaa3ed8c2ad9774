using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Comet;
using ErlChat.Web.Limits;
using ErlChat.Web.Pages;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>
/// <c>GET /admin/</c>: the operator's page for an administrator, a question for the password for any other session, the login page for
/// nobody. None says what is behind it.
/// </summary>
[Limit(Charge.Page)]
internal sealed class OperatorPageController(Templates templates, ChatRoom room, PostOffice office) : ControllerBase
{
    [HttpGet("/admin"), HttpHead("/admin")]
    public IActionResult Page()
    {
        Response.Headers.CacheControl = "no-store";
        SessionKey session = SessionCookie.Read(Request);
        if (office.Find(session) is not { IsClosed: false } || room.Find(session) is not { } me)
            return Redirect($"{Request.PathBase}/?to={LoginDestination.Operator}");
        return me.IsAdmin
            ? Content(templates.RenderPage("operator", "Server – ErlChat", new { }, "operator"), "text/html; charset=utf-8")
            : Content(templates.RenderPage("password", "ErlChat", new { }, "operator"), "text/html; charset=utf-8");
    }
}

using ErlChat.Delivery;
using ErlChat.Limits;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Admin;
using ErlChat.Web.Limits;
using ErlChat.Web.Pages;
using ErlChat.Web.Requests;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Operator;

/// <summary>
/// <c>GET /admin/</c>: shows an administrator the operator's page. Other users are asked for the password, or told that there is none, and
/// clients without a session are redirected to the login page. Neither reveals anything about the operator's page.
/// </summary>
[Limit(Charge.Page)]
internal sealed class OperatorPageController(Templates templates, ChatRoom room, PostOffice office, AdminPasswords passwords)
    : ControllerBase
{
    [HttpGet("/admin"), HttpHead("/admin")]
    public async Task<IActionResult> Page()
    {
        Response.Headers.CacheControl = "no-store";
        SessionKey session = SessionCookie.Read(Request);
        await room.ReturnAsync(session, HttpContext.RequestAborted);
        if (office.Find(session) is not { IsClosed: false } || room.Find(session) is not { } me)
            return Redirect($"{Request.PathBase}/?to={LoginDestination.Operator}");
        return me.IsAdmin
            ? Content(templates.RenderPage("Server – ErlChat", new OperatorModel(), "operator"), "text/html; charset=utf-8")
            : Content(templates.RenderPage("ErlChat", new PasswordModel(passwords.AreOff), "operator"), "text/html; charset=utf-8");
    }
}

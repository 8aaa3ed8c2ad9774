using ErlChat.Limits;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Web.Answers;
using ErlChat.Web.Limits;
using ErlChat.Web.Pages;
using ErlChat.Web.Requests;
using Microsoft.AspNetCore.Mvc;

namespace ErlChat.Web.Comet;

/// <summary><c>/reset/</c>: the page on which a member sets a new password with an administrator's link.</summary>
/// <remarks>
/// The token is in the link's query, so the page must not tell it to others: it is stored nowhere, and other sites get no referrer
/// (<see cref="Site.SecurityHeaders"/>).
/// </remarks>
[Limit(Charge.Login)]
internal sealed class ResetController(MemberAccounts members, Templates templates) : ControllerBase
{
    [HttpGet("/reset")]
    public async Task<IActionResult> Ask([FromQuery] string? token)
    {
        (Person? member, Refused? refused) = await members.OwnerOfAsync(token ?? "", HttpContext.RequestAborted);
        return Page(member is null ? new ResetModel(null, null, RefusalTable.PasswordText(refused!)) : new ResetModel(token, member.Nick));
    }

    [HttpPost("/reset")]
    public async Task<IActionResult> Set()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return StatusCode(status);
        string token = form["token"] ?? "";
        (Person? member, Refused? unusable) = await members.OwnerOfAsync(token, HttpContext.RequestAborted);
        if (member is null)
            return Page(new ResetModel(null, null, RefusalTable.PasswordText(unusable!)));
        string host = HostAddress.Of(HttpContext.Connection.RemoteIpAddress);
        Outcome outcome = await members.ResetAsync(token, host, form["password"] ?? "", HttpContext.RequestAborted);
        if (outcome is not Refused refused)
            return Page(new ResetModel(null, member.Nick, Done: true));
        return Page(new ResetModel(refused.Why == Refusal.BadLink ? null : token, member.Nick, RefusalTable.PasswordText(refused)));
    }

    private ContentResult Page(ResetModel model)
    {
        Response.Headers.CacheControl = "no-store";
        return Content(templates.RenderPage("ErlChat", model), "text/html; charset=utf-8");
    }
}

using ErlChat.Limits;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Web.Hosting;
using ErlChat.Web.Limits;
using ErlChat.Web.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary><c>POST /login/</c>: a nick becomes a session, or the login page says why not.</summary>
[Limit(Charge.Login)]
internal sealed class LoginController(ChatRoom room, Templates templates, IOptions<ChatOptions> options, ChatMetrics metrics) : ControllerBase
{
    [HttpPost("/login")]
    public async Task<IActionResult> LogIn()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return StatusCode(status);
        string? to = LoginDestination.Parse(form["to"]);
        string host = HostAddress.Of(HttpContext.Connection.RemoteIpAddress);
        JoinResult result = await room.JoinAsync(new JoinRequest(form["nick"], host));
        if (result.Token is not null)
        {
            SessionCookie.Set(Response, result.Token, Request);
            return Redirect(Request.PathBase + LoginDestination.PathOf(to));
        }

        var refused = (Refused)result.Outcome;
        metrics.Refused(refused.Why);
        string nick = form["nick"] ?? "";
        Response.Headers[LoginRefusals.Header] = RefusalTable.LoginError(refused, Nick.Normalize(nick, options.Value.MaxNickLength));
        if (refused is { Why: Refusal.HostBanned, Wait: not null })
            LimitCheck.SetRetryAfter(Response, LimitCheck.SecondsOf(refused));
        if (refused.Why == Refusal.RateLimited)
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            LimitCheck.SetRetryAfter(Response, LimitCheck.SecondsOf(refused));
        }

        string page = templates.RenderPage("index", "ErlChat", new
        {
            maxNickLength = options.Value.MaxNickLength,
            error = RefusalTable.LoginText(refused),
            nick = form["nick"],
            to,
        });
        return Content(page, "text/html; charset=utf-8");
    }
}

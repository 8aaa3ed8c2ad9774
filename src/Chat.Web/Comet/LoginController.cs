using ErlChat.Limits;
using ErlChat.Names;
using ErlChat.Outcomes;
using ErlChat.Protocol.Comet;
using ErlChat.Rooms;
using ErlChat.Sessions;
using ErlChat.Settings;
using ErlChat.Web.Answers;
using ErlChat.Web.Limits;
using ErlChat.Web.Pages;
using ErlChat.Web.Requests;
using ErlChat.Web.Watching;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Comet;

/// <summary><c>POST /login/</c>: starts a session for a nick, or shows the login page with the reason why not.</summary>
[Limit(Charge.Login)]
internal sealed class LoginController(ChatRoom room, Templates templates, IOptions<ChatOptions> options, ChatMetrics metrics)
    : ControllerBase
{
    [HttpPost("/login")]
    public async Task<IActionResult> LogIn()
    {
        PostedForm form = await FormReader.ReadAsync(Request);
        if (form.Refusal is { } status)
            return StatusCode(status);
        string? to = LoginDestination.Parse(form["to"]);
        string host = HostAddress.Of(HttpContext.Connection.RemoteIpAddress);
        bool keeps = !string.IsNullOrEmpty(form["keep"]);
        if (await ContinuesOwnAsync(form["nick"]))
            return Redirect(Request.PathBase + LoginDestination.PathOf(to));
        JoinResult result = await room.JoinAsync(new JoinRequest(form["nick"], host) { Keeps = keeps });
        if (result.Token is not null)
        {
            SessionCookie.Set(Response, result.Token, Request, stays: keeps && options.Value.GuestLifetime > TimeSpan.Zero);
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

        var model = new IndexModel(options.Value.MaxNickLength, to, RefusalTable.LoginText(refused), form["nick"]);
        return Content(templates.RenderPage("ErlChat", model), "text/html; charset=utf-8");
    }

    /// <summary>
    /// Whether the browser's session, which the browser keeps, already has the nick. The user then comes back to that session.
    /// </summary>
    private async Task<bool> ContinuesOwnAsync(string? nick)
    {
        SessionKey session = SessionCookie.Read(Request);
        if (room.Find(session) is not { IsKept: true } own
            || !string.Equals(own.Who.Nick, Nick.Normalize(nick, options.Value.MaxNickLength), StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        await room.ReturnAsync(session, HttpContext.RequestAborted);
        return room.Find(session) is not null;
    }
}
